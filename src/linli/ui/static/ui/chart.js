// Charts: ECharts in the colours of the tokens, by day and by night; the figures stand in a table below.
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

function theme() {
  const from = getComputedStyle(document.documentElement);
  const token = (name) => from.getPropertyValue(name).trim();
  const axis = {
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: token("--muted") },
    splitLine: { lineStyle: { color: token("--line") } },
    nameTextStyle: { color: token("--muted") },
  };
  return {
    color: ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(token),
    backgroundColor: "transparent",
    textStyle: { color: token("--ink"), fontFamily: FONT, fontSize: size() },
    legend: { textStyle: { color: token("--ink-2"), fontSize: size() }, itemWidth: 14, itemHeight: 10, icon: "roundRect", top: 0, left: 0 },
    tooltip: {
      renderMode: "richText",
      backgroundColor: token("--surface"),
      borderColor: token("--line"),
      textStyle: { color: token("--ink"), fontSize: size() },
    },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, axisLabel: { ...axis.axisLabel, hideOverlap: true } },
    line: { symbolSize: 6, lineStyle: { width: 2.5 } },
    bar: { barMaxWidth: 28, itemStyle: { borderRadius: 3 } },
    sankey: { lineStyle: { color: "source", opacity: 0.35 }, label: { color: token("--ink") } },
  };
}

function size() {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round(root * 0.8125);
}

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// A flow's places take the palette in turn, not by size.
function paint(series) {
  const { color } = theme();
  series.data?.forEach((place, n) => (place.itemStyle ??= { color: color[n % color.length] }));
}

// Every class is named: where the names do not fit side by side, they break into lines of what fits.
function named(given, width) {
  const axis = given.xAxis;
  if (axis?.type !== "category" || !axis.data?.length) return;
  const room = Math.floor((width - 72) / axis.data.length) - 6;
  const lean = room < size() * 2.2;
  axis.axisLabel = { interval: 0, fontSize: size() - 1, ...(lean ? { rotate: 60, width: size() * 8, overflow: "truncate" } : { width: room, overflow: "break", lineHeight: size() + 4 }), ...axis.axisLabel };
}

function option(box) {
  const given = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  named(given, box.clientWidth);
  const grid = { left: 8, right: 16, top: given.legend ? 44 : 16, bottom: 4, containLabel: true };
  for (const series of [given.series ?? []].flat()) if (series.type === "sankey") paint(series);
  return { animation: !still(), grid, tooltip: {}, ...given };
}

function draw(echarts, box) {
  echarts.getInstanceByDom(box)?.dispose();
  const chart = echarts.init(box, theme(), { renderer: "canvas" });
  chart.setOption(option(box));
  // a figure opens the rows behind it: data items may carry href
  chart.on("click", ({ data }) => {
    if (data?.href?.startsWith("/")) location.href = data.href;
  });
  box.dataset.ready = "";
  return chart;
}

export async function charts(root) {
  const boxes = [...root.querySelectorAll("[data-chart]")].filter((box) => !box.dataset.on);
  if (!boxes.length) return;
  for (const box of boxes) box.dataset.on = "yes";
  try {
    const echarts = await import("../vendor/echarts/echarts.esm.min.js");
    for (const box of boxes) {
      draw(echarts, box);
      new ResizeObserver(() => echarts.getInstanceByDom(box)?.resize()).observe(box);
    }
    document.addEventListener("linli:looks", () => boxes.forEach((box) => draw(echarts, box)));
  } catch (error) {
    console.warn("chart", error);
    for (const box of boxes) {
      box.classList.add("is-off");
      const table = box.closest("figure")?.querySelector(".chart-table");
      if (table) table.open = true;
    }
  }
}
