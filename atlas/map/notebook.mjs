// The notebook's side of the widget: puts the page together from its shared parts, into a frame of
// its own, and carries what changes between the page and the kernel.
const KEYS = ["date", "side", "selection", "layers", "view"];
const FRAME = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox allow-modals";

async function inflate(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

async function document_of(model) {
  const models = await Promise.all(model.get("_parts").map((ref) => model.widget_manager.get_model(ref.slice("IPY_MODEL_".length))));
  return (await Promise.all(models.map((part) => inflate(part.get("data"))))).join("");
}

export default {
  async render({ model, el }) {
    const frame = document.createElement("iframe");
    frame.title = model.get("_title");
    frame.setAttribute("sandbox", FRAME);
    frame.setAttribute("allowfullscreen", "");
    frame.style.cssText = "display:block;width:100%;border:none";
    frame.style.height = model.get("_height");
    const listeners = [];
    let port = null;
    const seen = {};
    frame.addEventListener("load", () => {
      const channel = new MessageChannel();
      if (port) port.close();
      port = channel.port1;
      port.onmessage = ({ data }) => {
        for (const [key, value] of Object.entries(data)) {
          seen[key] = JSON.stringify(value);
          model.set(key, value);
        }
        model.save_changes();
      };
      const wanted = {};
      for (const key of KEYS) {
        const value = model.get(key);
        seen[key] = JSON.stringify(value);
        if (value !== null || key === "selection") wanted[key] = value;
      }
      // A sandboxed frame has no origin to name.
      frame.contentWindow.postMessage({ atlas: wanted }, "*", [channel.port2]);
    });
    for (const key of KEYS) {
      const told = () => {
        const value = model.get(key);
        const text = JSON.stringify(value);
        if (!port || seen[key] === text || (key === "view" && !value)) return;
        seen[key] = text;
        port.postMessage({ [key]: value });
      };
      model.on(`change:${key}`, told);
      listeners.push([`change:${key}`, told]);
    }
    frame.srcdoc = await document_of(model);
    el.append(frame);
    return () => {
      for (const [name, told] of listeners) model.off(name, told);
      if (port) port.close();
      frame.remove();
    };
  },
};
