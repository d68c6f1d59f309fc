// What the page's modules share: their own names, Leaflet, and what browsers newer than the types have.
declare var atlasPage: any;
declare var atlasMap: any;
declare var L: any;
interface Uint8ArrayConstructor { fromBase64?: (text: string) => Uint8Array }
