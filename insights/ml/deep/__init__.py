"""Deep models. The only package that imports TensorFlow, and only inside functions that train.

Architecture stands in code, learnt weights are plain arrays; scoring is numpy.
"""
