"""Networks that have learnt nothing: what must hold whatever the weights are costs no training."""

import numpy as np

from insights.ml.deep import story_network as net
from insights.ml.deep.story_encoding import Encoder
from insights.ml.deep.story_reading import Reader


def drawn_weights(products, width=32, columns=0, seed=3):
    """Any weights at all, large enough for every part of the network to matter."""
    generator = np.random.default_rng(seed)
    return {
        name: generator.normal(0, 0.4, shape).astype(np.float32)
        for name, shape in net.shapes(products, width, columns).items()
    }


def untaught(told, width=32, seed=3):
    """A reader of these stories with weights drawn at random."""
    encoder = Encoder.learn(told)
    return Reader(encoder, drawn_weights(len(encoder.product_ids), width, seed=seed))
