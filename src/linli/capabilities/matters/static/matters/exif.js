// Where a JPEG says it was taken, read on this device; nothing leaves it until the person agrees.
const HEAD = 256 * 1024;
const GPS = 0x8825;

function reader(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const u16 = (at) => view.getUint16(start + at, little);
  const u32 = (at) => view.getUint32(start + at, little);
  const entries = (at) =>
    Array.from({ length: u16(at) }, (_, n) => {
      const here = at + 2 + n * 12;
      return { tag: u16(here), count: u32(here + 4), value: here + 8 };
    });
  const degrees = (entry) => {
    const at = u32(entry.value);
    const part = (n) => u32(at + n * 8) / u32(at + n * 8 + 4);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  return { u32, entries, degrees, letter: (entry) => String.fromCharCode(view.getUint8(start + entry.value)) };
}

function gps(view, start) {
  const read = reader(view, start);
  const pointer = read.entries(read.u32(4)).find((e) => e.tag === GPS);
  if (!pointer) return null;
  const found = Object.fromEntries(read.entries(read.u32(pointer.value)).map((e) => [e.tag, e]));
  if (!found[2] || !found[4]) return null;
  const lat = read.degrees(found[2]) * (found[1] && read.letter(found[1]) === "S" ? -1 : 1);
  const lon = read.degrees(found[4]) * (found[3] && read.letter(found[3]) === "W" ? -1 : 1);
  return Number.isFinite(lat) && Number.isFinite(lon) && (lat || lon) ? { lon, lat } : null;
}

export async function placeOf(file) {
  try {
    const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
    if (view.getUint16(0) !== 0xffd8) return null;
    let at = 2;
    while (at + 4 < view.byteLength) {
      const marker = view.getUint16(at);
      const size = view.getUint16(at + 2);
      if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return gps(view, at + 10);
      if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return null;
      at += 2 + size;
    }
  } catch {
    // a broken file: the server judges it
  }
  return null;
}
