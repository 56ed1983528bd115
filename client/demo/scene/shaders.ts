/** The arena's shaders: light is warm from one side, cool from the sky, and cheap. */

/** Copies in one draw call; their places must fit into the 256 uniform vectors of WebGL 2. */
export const COPIES_MAX = 32;
/** Uniform vectors for each copy. */
export const VECTORS = 5;

const COPY_INPUTS = /* glsl */ `
attribute vec3 vertex_position;
attribute vec3 vertex_normal;
attribute vec4 vertex_color;
attribute float vertex_copy;
uniform vec4 uCopies[${COPIES_MAX * VECTORS}];
uniform mat4 matrix_viewProjection;
uniform float uTime;
vec4 copy(int part) {
  return uCopies[int(vertex_copy) * ${VECTORS} + part];
}
vec3 worldPosition() {
  vec4 p = vec4(vertex_position, 1.0);
  return vec3(dot(copy(0), p), dot(copy(1), p), dot(copy(2), p));
}
vec3 bent(vec3 world, vec4 extra) {
  float bend = extra.z * world.y * world.y;
  world.x += sin(uTime * 1.7 + extra.w) * bend;
  world.z += cos(uTime * 1.3 + extra.w) * bend * 0.6;
  return world;
}
`;

/** Solids: the copy's `extra` is alpha, flash, sway, phase. */
export const SOLID_VERTEX = /* glsl */ `
${COPY_INPUTS}
varying vec3 vNormal;
varying vec3 vBase;
varying vec2 vExtra;
varying float vHeight;
void main(void) {
  vec4 extra = copy(4);
  vec3 world = bent(worldPosition(), extra);
  vNormal = vec3(dot(copy(0).xyz, vertex_normal), dot(copy(1).xyz, vertex_normal),
    dot(copy(2).xyz, vertex_normal));
  vBase = mix(vertex_color.rgb, vertex_color.rgb * copy(3).rgb, vertex_color.a);
  vExtra = extra.xy;
  vHeight = world.y;
  gl_Position = matrix_viewProjection * vec4(world, 1.0);
}
`;

export const SOLID_FRAGMENT = /* glsl */ `
precision highp float;
varying vec3 vNormal;
varying vec3 vBase;
varying vec2 vExtra;
varying float vHeight;
void main(void) {
  if (vExtra.x < 0.99) {
    // An ordered pattern of holes fades without sorting.
    vec2 cell = floor(mod(gl_FragCoord.xy, 4.0));
    float threshold = fract(dot(cell, vec2(0.4375, 0.3125)) + 0.03);
    if (threshold >= vExtra.x) discard;
  }
  vec3 n = normalize(vNormal);
  float sun = clamp(dot(n, vec3(-0.46, 0.72, 0.52)) * 0.75 + 0.25, 0.0, 1.0);
  vec3 light = mix(vec3(0.36, 0.43, 0.58), vec3(0.62, 0.70, 0.78), n.y * 0.5 + 0.5);
  light += vec3(0.62, 0.50, 0.34) * smoothstep(0.12, 0.9, sun);
  float rim = pow(1.0 - clamp(dot(n, vec3(0.0, 0.81, 0.59)), 0.0, 1.0), 3.0);
  vec3 colour = vBase * light * (0.72 + 0.28 * smoothstep(-2.0, 16.0, vHeight));
  colour += rim * vec3(0.16, 0.17, 0.15);
  gl_FragColor = vec4(mix(colour, vec3(1.0, 0.97, 0.9), vExtra.y * 0.8), 1.0);
}
`;

/** The same solids pressed onto the ground along the light. */
export const SHADOW_VERTEX = /* glsl */ `
${COPY_INPUTS}
varying float vAlpha;
void main(void) {
  vec4 extra = copy(4);
  vec3 world = bent(worldPosition(), extra);
  world.x += world.y * 0.62;
  world.z -= world.y * 0.34;
  world.y = 0.35;
  vAlpha = extra.x;
  gl_Position = matrix_viewProjection * vec4(world, 1.0);
}
`;

export const SHADOW_FRAGMENT = /* glsl */ `
precision highp float;
varying float vAlpha;
void main(void) {
  gl_FragColor = vec4(0.03, 0.07, 0.13, 0.36 * vAlpha);
}
`;

/** Rings, slashes and sparks: the copy's `extra` is alpha, kind, progress, spare. */
export const DECAL_VERTEX = /* glsl */ `
${COPY_INPUTS}
varying vec2 vPlace;
varying vec4 vColour;
varying vec2 vKind;
void main(void) {
  vec4 extra = copy(4);
  vPlace = vertex_position.xz;
  vColour = vec4(copy(3).rgb, extra.x);
  vKind = extra.yz;
  gl_Position = matrix_viewProjection * vec4(worldPosition(), 1.0);
}
`;

export const DECAL_FRAGMENT = /* glsl */ `
precision highp float;
varying vec2 vPlace;
varying vec4 vColour;
varying vec2 vKind;
void main(void) {
  float r = length(vPlace);
  float a = 0.0;
  if (vKind.x < 0.5) {
    a = smoothstep(1.0, 0.2, r);
  } else if (vKind.x < 1.5) {
    a = smoothstep(0.10, 0.0, abs(r - 0.85)) + 0.25 * smoothstep(0.85, 0.2, r) * vKind.y;
  } else if (vKind.x < 2.5) {
    // A crescent that sweeps from one side (+x) to the other around +z.
    float angle = atan(vPlace.x, vPlace.y);
    float head = mix(1.7, -1.7, clamp(vKind.y * 1.6, 0.0, 1.0));
    float tail = angle - head;
    float swept = smoothstep(-0.05, 0.05, tail) * smoothstep(2.3, 0.1, tail);
    float thick = smoothstep(0.42, 0.9, r) * smoothstep(1.0, 0.93, r);
    a = swept * thick;
  } else {
    float turn = atan(vPlace.x, vPlace.y) * 4.0 / 6.2831853 + vKind.y;
    float gap = smoothstep(0.06, 0.12, abs(fract(turn) - 0.5));
    a = smoothstep(0.09, 0.03, abs(r - 0.86)) * gap + 0.22 * smoothstep(0.9, 0.3, r);
  }
  gl_FragColor = vec4(vColour.rgb, clamp(a, 0.0, 1.0) * vColour.a);
}
`;

export const GROUND_VERTEX = /* glsl */ `
attribute vec3 vertex_position;
uniform mat4 matrix_viewProjection;
uniform vec4 uArea;
uniform vec2 uOrigin;
varying vec2 vWorld;
void main(void) {
  vec2 scene = uArea.xy + vertex_position.xz * uArea.zw;
  vWorld = scene + uOrigin;
  gl_Position = matrix_viewProjection * vec4(scene.x, 0.0, scene.y, 1.0);
}
`;

/** Grass, paths and paving from two textures; grid, border and what lies beyond from numbers. */
export const GROUND_FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D uDetail;
uniform sampler2D uMap;
uniform vec2 uSize;
uniform vec2 uHeart;
uniform vec2 uPlayer;
uniform float uTime;
varying vec2 vWorld;
float line(float distance, float width, float pixel) {
  return 1.0 - smoothstep(width - pixel, width + pixel, distance);
}
void main(void) {
  vec4 detail = texture2D(uDetail, vWorld / 256.0);
  vec4 map = texture2D(uMap, vWorld / uSize);
  float pixel = max(fwidth(vWorld.x), 0.3);
  vec2 over = max(-vWorld, vWorld - uSize);
  float outside = max(over.x, over.y);

  vec3 grass = mix(vec3(0.24, 0.43, 0.25), vec3(0.47, 0.60, 0.28), map.g);
  grass *= 0.74 + 0.52 * detail.r;
  vec3 earth = mix(vec3(0.52, 0.40, 0.27), vec3(0.66, 0.53, 0.36), detail.r) ;
  vec3 stone = mix(vec3(0.50, 0.49, 0.50), vec3(0.74, 0.70, 0.64), detail.g);
  stone *= mix(0.62, 1.0, detail.a);
  float rough = (detail.b - 0.5) * 0.5;
  float earthy = smoothstep(0.42, 0.56, map.b + rough);
  float stony = smoothstep(0.46, 0.54, map.r + rough * 0.5);
  vec3 colour = mix(grass, earth, earthy);
  colour = mix(colour * (1.0 - 0.28 * smoothstep(0.30, 0.5, map.r) * (1.0 - stony)), stone, stony);

  float heart = length(vWorld - uHeart);
  if (heart < 250.0) {
    float rings = line(abs(heart - 58.0), 3.0, pixel) + line(abs(heart - 150.0), 4.0, pixel)
      + line(abs(heart - 204.0), 2.0, pixel);
    float angle = atan(vWorld.y - uHeart.y, vWorld.x - uHeart.x);
    float spoke = abs(sin(angle * 4.0)) * heart * 0.25;
    rings += line(spoke, 1.5, pixel * 0.5) * step(58.0, heart) * step(heart, 150.0);
    vec3 inlay = mix(vec3(0.86, 0.66, 0.33), vec3(0.95, 0.80, 0.50), detail.g);
    colour = mix(colour, inlay, clamp(rings, 0.0, 1.0) * 0.75 * stony);
  }

  vec2 toGrid = abs(fract(vWorld / 100.0 + 0.5) - 0.5) * 100.0;
  colour *= 1.0 - 0.10 * line(min(toGrid.x, toGrid.y), 0.8, pixel);

  // Shadows of clouds that drift over everything.
  float cloud = texture2D(uMap, vWorld / 1700.0 + vec2(uTime * 0.006, uTime * 0.004)).a;
  colour *= mix(vec3(0.78, 0.84, 0.95), vec3(1.06, 1.04, 0.98), smoothstep(0.38, 0.62, cloud));

  if (outside > -6.0) {
    vec3 wild = mix(vec3(0.17, 0.31, 0.22), vec3(0.25, 0.40, 0.24), detail.b);
    wild *= 0.7 + 0.5 * detail.r;
    wild = mix(wild, vec3(0.09, 0.19, 0.19), smoothstep(60.0, 420.0, outside));
    colour = mix(colour, wild, smoothstep(0.0, 6.0, outside));
    colour *= 1.0 - 0.45 * line(abs(outside - 10.0), 12.0, 8.0);
  }
  float inner = line(abs(outside + 5.0), 1.6, pixel);
  colour = mix(colour, vec3(1.0, 0.86, 0.52), inner * (0.62 + 0.2 * sin(uTime * 2.0)));

  float away = length(vWorld - uPlayer);
  colour *= 1.0 - 0.34 * smoothstep(180.0, 560.0, away);
  gl_FragColor = vec4(colour, 1.0);
}
`;
