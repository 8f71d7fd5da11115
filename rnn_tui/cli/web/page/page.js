// What textual.js leaves to its page.
"use strict";

const address = (path) => new URL(path, location.href).href; // below the page's own, with its key
const terminal = document.querySelector(".textual-terminal");
const size = Number(new URLSearchParams(location.search).get("fontsize"));
terminal.dataset.sessionWebsocketUrl = address("ws").replace(/^http/, "ws"); // and https by wss
terminal.dataset.fontSize = size >= 4 && size <= 72 ? size : 16;

const focusTerminal = () => document.querySelector(".xterm-helper-textarea")?.focus({ preventScroll: true });

function showClosed(event, shown) {
  const lost = shown
    ? "The connection to rnn-tui serve is lost. The lab ends by itself, and its run is saved."
    : "There is no connection to rnn-tui serve. If it is running, its terminal says why.";
  document.querySelector("#closed span").textContent = event.reason || lost;
  document.body.classList.add("-first-byte"); // nothing is opening any more
}

// textual.js makes one of these and sends whenever it likes, also before the connection is there.
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    let shown = false;
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        if (!shown) focusTerminal(); // the lab is there: keys go to it without a click
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

// It opens what the lab offers for download at the root of the host, which belongs to others behind a proxy.
const open = window.open.bind(window);
window.open = (where, target) =>
  open(String(where).replace(`${location.origin}/download/`, address("download/")), target, "noopener");

document.addEventListener("mousedown", (event) => {
  if (event.target.closest("button, .xterm")) return;
  event.preventDefault();
  focusTerminal();
});
document.querySelector("#closed button").addEventListener("click", () => location.reload());
