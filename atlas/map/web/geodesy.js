"use strict";
// Lengths and areas on the ellipsoid of WGS 84.
globalThis.atlasPage = globalThis.atlasPage || {};
(function (A) {
  const RAD = Math.PI / 180;
  const AXIS = 6378137;
  const FLAT = 1 / 298.257223563;
  const POLAR = AXIS * (1 - FLAT);
  const ECC = Math.sqrt(FLAT * (2 - FLAT));

  // Metres between two points, after Vincenty (1975); opposite ends of the earth are as far as half of it.
  function metres(lon1, lat1, lon2, lat2) {
    const u1 = Math.atan((1 - FLAT) * Math.tan(lat1 * RAD));
    const u2 = Math.atan((1 - FLAT) * Math.tan(lat2 * RAD));
    const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
    const turn = ((((lon2 - lon1 + 540) % 360) + 360) % 360 - 180) * RAD;
    let lambda = turn;
    for (let round = 0; round < 60; round++) {
      const sinL = Math.sin(lambda);
      const cosL = Math.cos(lambda);
      const sin = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
      if (!sin) return 0;
      const cos = sin1 * sin2 + cos1 * cos2 * cosL;
      const sigma = Math.atan2(sin, cos);
      const sinA = (cos1 * cos2 * sinL) / sin;
      const cosA2 = 1 - sinA * sinA;
      const middle = cosA2 ? cos - (2 * sin1 * sin2) / cosA2 : 0;
      const c = (FLAT / 16) * cosA2 * (4 + FLAT * (4 - 3 * cosA2));
      const before = lambda;
      lambda = turn + (1 - c) * FLAT * sinA * (sigma + c * sin * (middle + c * cos * (2 * middle * middle - 1)));
      if (Math.abs(lambda - before) > 1e-12) continue;
      const k = (cosA2 * (AXIS * AXIS - POLAR * POLAR)) / (POLAR * POLAR);
      const a = 1 + (k / 16384) * (4096 + k * (k * (320 - 175 * k) - 768));
      const b = (k / 1024) * (256 + k * (k * (74 - 47 * k) - 128));
      const more = b * sin * (middle + (b / 4) * (cos * (2 * middle * middle - 1) - (b / 6) * middle * (4 * sin * sin - 3) * (4 * middle * middle - 3)));
      return POLAR * a * (sigma - more);
    }
    return Math.PI * POLAR;
  }

  const lengthOf = (points) => points.slice(1).reduce((sum, [lon, lat], i) => sum + metres(points[i][0], points[i][1], lon, lat), 0);

  // Sine of the authalic latitude: on a sphere of the earth's own surface areas stay what they are.
  const q = (sin) => (1 - ECC * ECC) * (sin / (1 - ECC * ECC * sin * sin) - Math.log((1 - ECC * sin) / (1 + ECC * sin)) / (2 * ECC));
  // A point of the great circle between two, near enough to the geodesic for a side of a few km.
  function between([lon1, lat1], [lon2, lat2], share) {
    const vector = (lon, lat) => [Math.cos(lat * RAD) * Math.cos(lon * RAD), Math.cos(lat * RAD) * Math.sin(lon * RAD), Math.sin(lat * RAD)];
    const one = vector(lon1, lat1);
    const two = vector(lon2, lat2);
    const angle = 2 * Math.asin(Math.min(1, Math.hypot(...one.map((v, i) => v - two[i])) / 2));
    if (!angle) return [lon1, lat1];
    const [x, y, z] = one.map((v, i) => (Math.sin((1 - share) * angle) * v + Math.sin(share * angle) * two[i]) / Math.sin(angle));
    return [Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD];
  }
  // Square metres within a ring of [lon, lat], its sides the shortest ways.
  function areaOf(ring) {
    let sum = 0;
    for (let i = 0; i < ring.length; i++) {
      const from = ring[i];
      const to = ring[(i + 1) % ring.length];
      const steps = Math.max(1, Math.ceil(metres(...from, ...to) / 20000));
      let before = from;
      for (let k = 1; k <= steps; k++) {
        const now = k === steps ? to : between(from, to, k / steps);
        const wide = ((((now[0] - before[0] + 540) % 360) + 360) % 360 - 180) * RAD;
        // Of the curve of the sine the middle counts most, as in Simpson's rule.
        const [a, m, b] = [before[1], (before[1] + now[1]) / 2, now[1]].map((lat) => q(Math.sin(lat * RAD)));
        sum += (wide * (a + 4 * m + b)) / 6;
        before = now;
      }
    }
    return Math.abs((sum * AXIS * AXIS) / 2);
  }

  // The shortest way between two points, as [lon, lat] close enough together to be drawn.
  const wayOf = (from, to) => {
    const steps = Math.max(1, Math.ceil(metres(...from, ...to) / 100000));
    const points = [from, ...Array.from({ length: steps - 1 }, (_, k) => between(from, to, (k + 1) / steps)), to];
    // Across the antimeridian longitudes run on.
    for (let k = 1; k < points.length; k++) points[k] = [points[k][0] + 360 * Math.round((points[k - 1][0] - points[k][0]) / 360), points[k][1]];
    return points;
  };

  A.geodesy = { metres, lengthOf, areaOf, wayOf };
})(globalThis.atlasPage);
