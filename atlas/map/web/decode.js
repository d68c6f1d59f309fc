"use strict";
// base64 -> gunzip -> JSON, or columns of whole numbers (see payload.py for the coding).
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  function bytesOf(base64) {
    if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  async function gunzip(bytes) {
    const stream = new DecompressionStream("gzip");
    const writer = stream.writable.getWriter();
    // A fault in the data reaches the reader too, which is the one that is waited for.
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    const reader = stream.readable.getReader();
    // gzip ends with the length of what it holds.
    const end = bytes.length - 4;
    const out = new Uint8Array(new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true));
    let at = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return out;
      out.set(value, at);
      at += value.length;
    }
  }

  const json = async (base64) => JSON.parse(new TextDecoder().decode(await gunzip(bytesOf(base64))));

  function column(bytes, offset, width, delta, rows) {
    const out = new Int32Array(rows);
    if (!width) return out.fill(delta); // one value throughout
    const b = offset + rows;
    const c = b + rows;
    const d = c + rows;
    // One loop a width: a branch a row would cost more than the row.
    if (width === 1) {
      for (let i = 0; i < rows; i++) out[i] = (bytes[offset + i] >>> 1) ^ -(bytes[offset + i] & 1);
    } else if (width === 2) {
      for (let i = 0; i < rows; i++) {
        const low = bytes[offset + i];
        out[i] = ((low | (bytes[b + i] << 8)) >>> 1) ^ -(low & 1);
      }
    } else {
      for (let i = 0; i < rows; i++) {
        const low = bytes[offset + i];
        out[i] = ((low | (bytes[b + i] << 8) | (bytes[c + i] << 16) | (bytes[d + i] << 24)) >>> 1) ^ -(low & 1);
      }
    }
    if (delta) for (let i = 1; i < rows; i++) out[i] += out[i - 1];
    return out;
  }

  // A property that is made when it is first asked for.
  function lazily(owner, name, make) {
    const get = () => {
      const value = make();
      Object.defineProperty(owner, name, { value });
      return value;
    };
    Object.defineProperty(owner, name, { get, enumerable: true, configurable: true });
  }

  async function columns(base64) {
    const bytes = await gunzip(bytesOf(base64));
    const size = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
    const found = {};
    let offset = 4 + size;
    for (const [name, width, delta, rows] of header.columns) {
      const at = offset;
      lazily(found, name, () => column(bytes, at, width, delta, rows));
      offset += width * rows;
    }
    return { ...header, columns: found };
  }

  // {name: [..], other: [..]} -> [{name, other}, ..]
  function rows(table) {
    const names = Object.keys(table);
    if (!names.length) return [];
    return table[names[0]].map((_, i) => {
      const row = { index: i };
      for (const name of names) row[name] = table[name][i];
      return row;
    });
  }

  // [x, y, dx, dy, ..] in whole units -> [lon, lat, lon, lat, ..]
  function line(coded, unit) {
    const out = new Float64Array(coded.length);
    let x = 0;
    let y = 0;
    for (let i = 0; i < coded.length; i += 2) {
      x += coded[i];
      y += coded[i + 1];
      out[i] = x / unit;
      out[i + 1] = y / unit;
    }
    return out;
  }

  function shape([kind, parts], unit) {
    return {
      kind,
      parts: parts.map((part) => (kind === "P" ? part.map((ring) => line(ring, unit)) : line(part, unit))),
    };
  }

  A.decode = { bytes: bytesOf, json, columns, rows, line, shape, FINE: 100000, COARSE: 10000, ROUGH: 100 };
})(globalThis.atlasPage);
