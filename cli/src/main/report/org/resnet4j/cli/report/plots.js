(() => {
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const label = value => (value >= 1e-3 && value < 1e6 ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : value.toExponential());
  // Powers of ten, at most about twelve; with few of them, also their multiples by 2 and 5.
  const roundTicks = scale => {
    const first = Math.floor(Math.log10(scale.min));
    const powers = Math.ceil(Math.log10(scale.max)) - first;
    const ticks = [];
    for (let power = first; power <= first + powers; power += Math.ceil(powers / 12)) {
      ticks.push(...(powers > 4 ? [1] : [1, 2, 5]).map(factor => Number(`${factor}e${power}`)));
    }
    const shown = ticks.filter(value => value >= scale.min && value <= scale.max);
    if (shown.length > 1) {
      scale.ticks = shown.map(value => ({ value }));
    }
  };
  const axis = description => ({
    type: description.logarithmic ? "logarithmic" : "linear",
    min: description.min,
    max: description.max,
    title: { display: true, text: description.title, color: color("--muted") },
    grid: { color: color("--grid") },
    ticks: { color: color("--muted"), ...(description.logarithmic && { autoSkip: false, callback: label }) },
    ...(description.logarithmic && { afterBuildTicks: roundTicks }),
  });
  const wholeNumbers = scale => ({ ...scale, ticks: { ...scale.ticks, precision: 0 } });
  // Legend entries are dashed like their lines: beyond six series, colors repeat and lines are dashed.
  const names = chart => Chart.defaults.plugins.legend.labels.generateLabels(chart)
    .map(name => ({ ...name, lineDash: chart.data.datasets[name.datasetIndex].borderDash }));
  const charts = [];
  const draw = canvas => {
    const plot = JSON.parse(document.getElementById(canvas.dataset.plot).textContent);
    charts.push(new Chart(canvas, {
      type: "line",
      data: {
        datasets: plot.series.map((series, index) => ({
          label: series.name,
          data: series.points.map(point => ({ x: point[0], y: point[1] })),
          borderColor: color(`--series-${series.color ?? index % 6}`),
          backgroundColor: color(`--series-${series.color ?? index % 6}`),
          borderDash: series.dashed ? [6, 4] : [],
          borderWidth: 2,
          pointRadius: series.points.length > 40 ? 0 : 2.5,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "nearest", intersect: false },
        plugins: { legend: { labels: { color: color("--ink"), usePointStyle: true, pointStyle: "line", pointStyleWidth: 26, generateLabels: names } } },
        scales: { x: wholeNumbers(axis(plot.x)), y: axis(plot.y) },
      },
    }));
  };
  const drawAll = () => {
    charts.splice(0).forEach(chart => chart.destroy());
    document.querySelectorAll("canvas[data-plot]").forEach(draw);
  };
  // Chart.js follows its container one frame later, and not at all on paper.
  const fitAll = () => charts.forEach(chart => chart.resize());
  drawAll();
  addEventListener("page-changed", drawAll);
  addEventListener("resize", fitAll);
  addEventListener("beforeprint", fitAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
