// The chart of how the risk is spread, for charts.js to draw.
window.moreCharts = {
  // How many customers stand at each step of risk; grey, amber and red as everywhere, thresholds marked.
  histogram(data, words, { axis, colour, small, common, language }) {
    const narrow = small();
    const number = new Intl.NumberFormat(language);
    const fills = { low: colour("risk-1-fill"), medium: colour("risk-2-fill"), high: colour("risk-3-fill") };
    return {
      grid: { left: narrow ? 40 : 52, right: 12, top: 28, bottom: 26 },
      xAxis: [
        { ...axis(), type: "category", data: data.names, splitLine: { show: false }, axisLabel: { show: false } },
        {
          ...axis(), type: "value", min: 0, max: 100, interval: narrow ? 50 : 25, position: "bottom", splitLine: { show: false },
          axisLabel: { formatter: "{value}%", color: colour("text-3"), fontSize: 12 },
        },
      ],
      yAxis: { ...axis(), minInterval: 1, axisLabel: { color: colour("text-3"), fontSize: 12, formatter: (n) => number.format(n) } },
      tooltip: {
        ...common().tooltip, trigger: "item",
        formatter: ({ dataIndex: at }) =>
          `${words.risk} ${data.names[at]}\n${words.customers}: ${number.format(data.counts[at])}\n${words.value}: ${data.money[at]}`,
      },
      series: [
        {
          type: "bar", barCategoryGap: "8%", cursor: "pointer",
          data: data.counts.map((value, at) => ({ value, itemStyle: { color: fills[data.levels[at]], borderRadius: [2, 2, 0, 0] } })),
        },
        {
          type: "line", xAxisIndex: 1, data: [[0, null], [100, null]], symbol: "none", silent: true,
          markLine: {
            silent: true, symbol: "none", lineStyle: { color: colour("text-3"), type: [3, 3], width: 1 },
            data: data.marks.map((at, place) => ({
              xAxis: at,
              label: {
                formatter: words.from[place], position: "end", color: colour("text-2"), fontSize: narrow ? 11 : 12,
                // Beside each other they have no room over their lines.
                ...(narrow && { align: place ? "left" : "right" }),
              },
            })),
          },
        },
      ],
    };
  },
};
