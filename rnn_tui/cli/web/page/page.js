// The part of the page that textual.js does not provide.
"use strict";

const address = (path) => new URL(path, location.href).href; // relative to the page, with its key
const terminal = document.querySelector(".textual-terminal");
const size = Number(new URLSearchParams(location.search).get("fontsize"));
terminal.dataset.sessionWebsocketUrl = address("ws").replace(/^http/, "ws"); // and https becomes wss
terminal.dataset.fontSize = size >= 4 && size <= 72 ? size : 16;

const focusTerminal = () => document.querySelector(".xterm-helper-textarea")?.focus({ preventScroll: true });

function showClosed(event, shown) {
  const lost = shown
    ? "The connection to rnn-tui serve is lost. The lab ends and saves its run."
    : "Cannot connect to rnn-tui serve. If it is running, its terminal shows the reason.";
  document.querySelector("#closed span").textContent = event.reason || lost;
  document.body.classList.add("-first-byte"); // nothing is opening any more
}

// textual.js creates one of these and may send before it is connected.
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    let shown = false;
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        if (!shown) focusTerminal(); // the lab is open: it receives keys without a click
        shown = true;
        return;
      }
      const [kind, text] = JSON.parse(data);
      if (kind === "says") document.querySelector("#note").textContent = text;
    });
    this.addEventListener("close", (event) => showClosed(event, shown));
  }

  send(data) {
    if (this.readyState === WebSocket.OPEN) super.send(data);
  }
};

// textual.js opens downloads at the root of the host, which may belong to another program behind a proxy.
const open = window.open.bind(window);
window.open = (where, target) =>
  open(String(where).replace(`${location.origin}/download/`, address("download/")), target, "noopener");

document.addEventListener("mousedown", (event) => {
  if (event.target.closest("button, .xterm")) return;
  event.preventDefault();
  focusTerminal();
});
document.querySelector("#closed button").addEventListener("click", () => location.reload());
