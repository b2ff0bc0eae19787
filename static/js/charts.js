// Draws every [data-chart] figure from the JSON beside it, and draws again when the theme or the page changes.
// ECharts itself is fetched only when a chart is on the page.
(() => {
  "use strict";
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const small = () => window.innerWidth < 641;
  const language = !root.lang || root.lang === "en" ? "en-GB" : root.lang;
  const live = new Map();

  const money = (currency) => {
    const format = new Intl.NumberFormat(language, {
      style: "currency", currency, notation: "compact", maximumFractionDigits: 1,
    });
    return (value) => format.format(value);
  };
  // As everywhere in a Chinese page, a space stands between digits and words.
  const spaced = (text) => text.replace(/(\d)(?=[\u4e00-\u9fff])|([\u4e00-\u9fff])(?=\d)/g, "$& ");
  const month = (iso, style) =>
    spaced(new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" }).format(new Date(iso)));
  const day = (iso) =>
    spaced(new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }).format(new Date(iso)));

  const font = () => getComputedStyle(document.body).fontFamily;
  const common = () => ({
    animation: false,
    textStyle: { fontFamily: font(), color: colour("text-2"), fontSize: 12 },
    tooltip: {
      renderMode: "richText",
      trigger: "axis",
      confine: true,
      backgroundColor: colour("surface"),
      borderColor: colour("line"),
      textStyle: { color: colour("text"), fontSize: 12, fontFamily: font() },
    },
  });
  const axis = () => ({
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colour("text-3"), fontSize: 12 },
    splitLine: { lineStyle: { color: colour("line") } },
  });

  // A round number at or above the highest bar, so that two steps of the axis are readable.
  const ceiling = (highest) => {
    if (highest <= 0) return 2;
    const unit = 10 ** Math.floor(Math.log10(highest));
    return [1, 2, 4, 6, 8, 10].find((step) => step * unit >= highest) * unit;
  };

  // Four or so round steps around the values, with air above and below.
  const scale = (lowest, highest) => {
    const wanted = Math.max(highest - lowest, 0.02) / 3;
    const unit = 10 ** Math.floor(Math.log10(wanted));
    const step = [1, 2, 5, 10].find((one) => one * unit >= wanted) * unit;
    const air = highest - lowest < 2 * step ? 2 : 1;
    return {
      step,
      bottom: (Math.ceil(lowest / step) - air) * step,
      top: (Math.floor(highest / step) + air) * step,
    };
  };

  // Runs of months without an order, as areas for ECharts.
  const silences = (values, months, label) => {
    const areas = [];
    let start = null;
    values.concat([1]).forEach((value, at) => {
      if (!value && start === null) start = at;
      if (value && start !== null) {
        if (at - start >= 2) areas.push([{ name: label, xAxis: months[start] }, { xAxis: months[at - 1] }]);
        start = null;
      }
    });
    return areas;
  };

  const builders = {
    // Published risk as a line above order value as bars: two measures, never two axes in one plot. Where nothing was
    // ordered there is no plot of nothing: the months stand below the risk.
    trend(data, words) {
      const narrow = small();
      const show = money(data.currency);
      const plots = data.value.some(Boolean) ? [0, 1] : [0];
      const top = ceiling(Math.max(...data.value));
      const names = data.months.map((iso) => month(iso, "short"));
      const last = data.risk.reduce((found, value, at) => (value === null ? found : at), -1);
      const level = last < 0 || data.risk[last] < 35 ? "risk-1" : data.risk[last] < data.high ? "risk-2" : "risk-3";
      const left = narrow ? 46 : 56;
      return {
        axisPointer: { link: [{ xAxisIndex: "all" }] },
        grid: [
          { left, right: 20, top: 24, height: 78 },
          { left, right: 20, top: 132, height: 64 },
        ].slice(0, plots.length),
        xAxis: plots.map((gridIndex) => ({
          ...axis(), type: "category", data: names, gridIndex, splitLine: { show: false },
          axisLabel: { show: gridIndex === plots.length - 1, color: colour("text-3"), fontSize: 12, interval: narrow ? 2 : 0 },
        })),
        yAxis: [
          { ...axis(), gridIndex: 0, min: 0, max: 100, interval: 50,
            axisLabel: { formatter: "{value}%", color: colour("text-3"), fontSize: 12 } },
          { ...axis(), gridIndex: 1, min: 0, max: top, interval: top / 2,
            axisLabel: { formatter: show, color: colour("text-3"), fontSize: 12 } },
        ].slice(0, plots.length),
        tooltip: {
          ...common().tooltip,
          formatter: (points) => {
            const at = points[0].dataIndex;
            const risk = data.risk[at] === null ? words.unknown : `${data.risk[at]}%`;
            return `${names[at]}\n${words.risk}: ${risk}\n${words.value}: ${show(data.value[at])}`;
          },
        },
        series: [
          {
            type: "line", name: words.risk, data: data.risk, xAxisIndex: 0, yAxisIndex: 0,
            connectNulls: false, symbol: "circle",
            symbolSize: (value, point) =>
              point.dataIndex === last ? 8 : data.risk.filter((one) => one !== null).length < 3 ? 5 : 0,
            showAllSymbol: true,
            lineStyle: { width: 2, color: colour("text-2") },
            itemStyle: { color: colour(`${level}-fill`) },
            label: {
              show: true, position: "top", distance: 5, fontWeight: 600, fontSize: 12, color: colour(level),
              formatter: (point) => (point.dataIndex === last ? `${point.value}%` : ""),
            },
            markLine: {
              silent: true, symbol: "none", data: [{ yAxis: data.high }],
              lineStyle: { color: colour("risk-3-fill"), type: [3, 3], width: 1 },
              label: { formatter: words.high, position: "insideStartTop", color: colour("text-3"), fontSize: 11 },
            },
          },
          {
            type: "bar", name: words.value, data: data.value, xAxisIndex: 1, yAxisIndex: 1,
            barWidth: narrow ? 10 : 18,
            itemStyle: { color: colour("accent-btn"), borderRadius: [2, 2, 0, 0] },
            markArea: {
              silent: true, itemStyle: { color: colour("sunken") },
              label: { show: !narrow, position: "inside", color: colour("text-3"), fontSize: 12 },
              data: silences(data.value, names, words.none),
            },
          },
        ].slice(0, plots.length),
      };
    },

    // Who went from where to where; what got better and worse is coloured, the rest is grey.
    movement(data, words) {
      const narrow = small();
      const hues = { worse: colour("risk-2-fill"), better: colour("accent-btn"), other: colour("line-strong") };
      const number = new Intl.NumberFormat(language);
      const label = (name) => data.names[name.slice(1)];
      return {
        tooltip: {
          ...common().tooltip, trigger: "item",
          formatter: (point) => {
            if (point.dataType === "node") return `${label(point.name)}: ${number.format(point.value)}`;
            const { before, after, value, models } = point.data;
            const told = `${before} → ${after}: ${number.format(value)}`;
            return models ? `${told}\n${words.models}: ${number.format(models)}` : told;
          },
        },
        series: [
          {
            type: "sankey", left: 8, right: 8, top: 8, bottom: 8, nodeWidth: 10, nodeGap: 16, draggable: false,
            layoutIterations: 0, emphasis: { focus: "adjacency" },
            itemStyle: { color: colour("text-3"), borderWidth: 0 },
            label: {
              color: colour("text"), fontSize: 12, fontFamily: font(), position: "inside", distance: 4,
              formatter: (point) => (narrow ? label(point.name) : `${label(point.name)} ${number.format(point.value)}`),
            },
            nodes: data.nodes.map((name) => ({
              name, depth: name[0] === "b" ? 0 : 1,
              label: name[0] === "b" ? { position: "right" } : { position: "left", align: "right" },
            })),
            links: data.links.map((one) => ({
              ...one, lineStyle: { color: hues[one.direction], opacity: one.direction === "other" ? 0.25 : 0.4 },
            })),
          },
        ],
      };
    },

    // The champion's figure as a step line; hollow dots are trainings that were not better.
    history(data, words) {
      const narrow = small();
      const points = data.points;
      const values = points.map((one) => one.value).concat(data.rule === null ? [] : [data.rule]);
      const most = Math.max(...values);
      const { bottom, top, step } = scale(Math.min(...values), most);
      const digits = step < 0.01 ? 3 : 2;
      const names = points.map((one) => `${day(one.at)} #${one.run}`);
      const champion = points.map((one) => one.champion);
      return {
        grid: { left: 48, right: narrow ? 16 : 92, top: 16, bottom: 28 },
        xAxis: {
          ...axis(), type: "category", data: names, boundaryGap: true, splitLine: { show: false },
          axisLabel: {
            color: colour("text-3"), fontSize: 12, hideOverlap: true,
            formatter: (name) => name.split(" #")[0],
          },
        },
        yAxis: {
          ...axis(), min: bottom, max: most <= 1 ? Math.min(1, top) : top, interval: step, // 1 is all there is of a share
          axisLabel: { formatter: (value) => value.toFixed(digits), color: colour("text-3"), fontSize: 12 },
        },
        tooltip: {
          ...common().tooltip,
          formatter: (shown) => {
            const one = points[shown[0].dataIndex];
            return `${day(one.at)}, ${one.name}\n${data.metric}: ${one.value.toFixed(3)}\n${one.result}`;
          },
        },
        series: [
          {
            type: "line", data: champion, step: "end", symbol: "none", connectNulls: true,
            lineStyle: { color: colour("accent-btn"), width: 2.5 },
            endLabel: { show: !narrow, formatter: words.champion, color: colour("accent"), fontWeight: 600, fontSize: 12 },
            markLine: data.rule === null ? undefined : {
              silent: true, symbol: "none", data: [{ yAxis: data.rule }], precision: 10, // else it is drawn at hundredths
              lineStyle: { color: colour("risk-2-fill"), type: [4, 3], width: 1.5 },
              label: { formatter: words.rule, position: "insideStartBottom", color: colour("risk-2"), fontSize: 12 },
            },
          },
          {
            type: "scatter", symbolSize: 8,
            data: points.map((one) => (one.won ? null : one.value)),
            itemStyle: { color: colour("surface"), borderColor: colour("text-3"), borderWidth: 1.5 },
          },
          {
            type: "scatter", symbolSize: 9,
            data: points.map((one) => (one.won ? one.value : null)),
            itemStyle: { color: colour("accent-btn"), borderColor: colour("surface"), borderWidth: 1.5 },
          },
        ],
      };
    },

    // How good it is with a part and with all of what it learnt from; dotted, where that lies with 95 % certainty.
    learning(data, words) {
      const { bottom, top, step } = scale(Math.min(...data.low), Math.max(...data.high));
      const number = new Intl.NumberFormat(language);
      const edge = (values) => ({
        type: "line", data: values, symbol: "none", silent: true,
        lineStyle: { color: colour("text-3"), type: [2, 3], width: 1.5 },
      });
      return {
        grid: { left: 52, right: 20, top: 16, bottom: 46 },
        xAxis: {
          ...axis(), type: "category", data: data.learnt.map((many) => number.format(many)), name: words.learnt,
          nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colour("text-2"), fontSize: 12 },
          splitLine: { show: false },
        },
        yAxis: {
          ...axis(), min: bottom, max: Math.min(top, data.most ?? Infinity), interval: step,
          axisLabel: {
            formatter: (value) => value.toFixed(step < 0.01 ? 3 : step < 1 ? 2 : 0), color: colour("text-3"), fontSize: 12,
          },
        },
        tooltip: {
          ...common().tooltip,
          formatter: (shown) => {
            const at = shown[0].dataIndex;
            const [value, low, high] = [data.value, data.low, data.high].map((all) => all[at].toFixed(data.digits));
            return `${words.learnt}: ${number.format(data.learnt[at])}\n${words.value}: ${value} (${low}–${high})`;
          },
        },
        series: [
          {
            type: "line", data: data.value, symbol: "circle", symbolSize: 7,
            lineStyle: { color: colour("accent-btn"), width: 2 }, itemStyle: { color: colour("accent-btn") },
          },
          edge(data.low),
          edge(data.high),
        ],
      };
    },

    // What was said against what happened, tenth by tenth; on the dashed line both agree.
    calibration(data, words) {
      const top = Math.min(100, Math.ceil(Math.max(...data.points.flat()) / 20) * 20) || 100;
      return {
        grid: { left: 68, right: 20, top: 16, bottom: 46 },
        xAxis: {
          ...axis(), type: "value", min: 0, max: top, interval: top / 4, name: words.predicted,
          nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colour("text-2"), fontSize: 12 },
          splitLine: { show: false },
          axisLabel: { formatter: "{value}%", color: colour("text-3"), fontSize: 12 },
        },
        yAxis: {
          ...axis(), type: "value", min: 0, max: top, interval: top / 4, name: words.actual,
          nameLocation: "middle", nameGap: 46, nameTextStyle: { color: colour("text-2"), fontSize: 12 },
          axisLabel: { formatter: "{value}%", color: colour("text-3"), fontSize: 12 },
        },
        tooltip: {
          ...common().tooltip, trigger: "item",
          formatter: (point) =>
            `${words.predicted}: ${point.value[0].toFixed(0)}%\n${words.actual}: ${point.value[1].toFixed(0)}%`,
        },
        series: [
          {
            type: "line", data: data.points, symbol: "circle", symbolSize: 7,
            lineStyle: { color: colour("accent-btn"), width: 2 }, itemStyle: { color: colour("accent-btn") },
            markLine: {
              silent: true, symbol: "none", data: [[{ coord: [0, 0] }, { coord: [top, top] }]],
              lineStyle: { color: colour("text-3"), type: [4, 3], width: 1 }, label: { show: false },
            },
          },
        ],
      };
    },
  };

  // Figures as high as what they show calls for, in pixels; the height of the others stands in the style sheet.
  const heights = {
    movement: ({ nodes }) => {
      const before = nodes.filter((name) => name[0] === "b").length;
      return 48 * Math.max(before, nodes.length - before) + 16;
    },
  };

  const library = (address) => {
    if (window.echarts) return Promise.resolve();
    library.loading ??= new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", loaded);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    return library.loading;
  };

  const draw = async (place) => {
    const data = JSON.parse(document.getElementById(place.dataset.source).textContent);
    // before the library is there, so that what stands below does not move later
    const height = heights[place.dataset.chart]?.(data);
    if (height) place.style.height = `${height}px`;
    await library(place.dataset.library);
    if (!place.isConnected) return;
    live.get(place)?.dispose();
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    const build = builders[place.dataset.chart] ?? window.moreCharts[place.dataset.chart];
    chart.setOption({ ...common(), ...build(data, data.words, { axis, colour, small, common, language }) });
    // A mark opens the list behind it; the table beside the chart has the same links for the keyboard.
    if (data.urls) chart.on("click", ({ dataIndex: at }) => { if (data.urls[at]) location.href = data.urls[at]; });
    live.set(place, chart);
    place.dataset.drawn = "yes";
    place.dispatchEvent(new CustomEvent("chart-drawn", { bubbles: true }));
  };

  const forget = () => {
    for (const [place, chart] of live) {
      if (!place.isConnected) {
        chart.dispose();
        live.delete(place);
      }
    }
  };
  const drawNew = () => {
    forget();
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
  };
  const drawAll = () => {
    forget();
    for (const place of live.keys()) draw(place);
  };

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    // the height of a phone's window changes while scrolling: only another width needs another drawing
    if (window.innerWidth !== width) drawAll();
    width = window.innerWidth;
  });
  document.addEventListener("theme-changed", drawAll);
  document.addEventListener("htmx:after:swap", drawNew);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawNew);
  else drawNew();
})();
