// The live calls come by themselves where there is a script. Without one the page can be had again.
"use strict";

const tail = document.getElementById("tail");
const state = document.getElementById("tail-state");
const pause = document.getElementById("tail-pause");
const rows = tail.querySelector("tbody");
let events = null;

function cell(row, kind, label) {
  const made = document.createElement(kind);
  if (label) { made.dataset.label = label; }
  row.append(made);
  return made;
}

// names are those of applications, as far as the page has seen them.
const names = new Map();

function show(call) {
  const row = document.createElement("tr");
  const time = cell(row, "th");
  time.scope = "row";
  const moment = call.time.slice(0, 19).replace("T", " ");
  if (call.correlation) {
    const link = document.createElement("a");
    link.href = "/console/monitoring/calls/" + encodeURIComponent(call.correlation);
    link.textContent = moment;
    time.append(link);
  } else {
    time.textContent = moment;
  }
  cell(row, "td", "Application").textContent = names.get(call.application) || call.application || "no application";
  cell(row, "td", "Operation").textContent = (call.operation + " " + call.resourceType).trim();
  const code = document.createElement("span");
  code.className = "code code-" + Math.floor(call.status / 100) + "xx";
  code.textContent = call.status;
  cell(row, "td", "Status").append(code);
  const why = cell(row, "td", "Reason");
  why.className = "why";
  for (const [kind, text] of [["code", call.target], ["strong", call.scimType]]) {
    if (text) {
      const part = document.createElement(kind);
      part.textContent = text;
      why.append(part, " ");
    }
  }
  why.append(call.reason);
  rows.prepend(row);
  while (rows.children.length > Number(tail.dataset.most)) { rows.lastElementChild.remove(); }
}

function follow() {
  events = new EventSource(tail.dataset.events);
  events.addEventListener("open", () => { state.textContent = "New calls appear by themselves."; });
  events.addEventListener("call", (e) => show(JSON.parse(e.data)));
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) { state.textContent = "The server does not send calls any more. Reload the page."; }
  });
  pause.textContent = "Pause";
}

pause.addEventListener("click", () => {
  if (events === null) {
    follow();
    return;
  }
  events.close();
  events = null;
  pause.textContent = "Go on";
  state.textContent = "Paused.";
});

for (const option of document.querySelectorAll("#tail-names [data-id]")) { names.set(option.dataset.id, option.dataset.name); }
pause.hidden = false;
document.getElementById("tail-refresh").hidden = true;
follow();
