/** The land's shaders: light comes with the corners, so they colour, ripple, sway and fade. */
import { LIGHT_MAX } from "./light.ts";

const INPUTS = /* glsl */ `
attribute vec3 vertex_position;
attribute vec4 vertex_color;
attribute vec4 vertex_detail;
uniform mat4 matrix_model;
uniform mat4 matrix_viewProjection;
uniform float uTime;
uniform vec2 uOrigin;
varying vec3 vColour;
varying vec2 vUv;
varying vec4 vMask;
vec4 masked(vec2 detail) {
  vec4 channel = abs(vec4(0.0, 1.0, 2.0, 3.0) - detail.x);
  return step(channel, vec4(0.5)) * detail.y;
}
float cloud(vec2 place) {
  float high = sin(place.x * 0.0041 + uTime * 0.11) * sin(place.y * 0.0056 - uTime * 0.07);
  float low = sin(place.x * 0.0093 - uTime * 0.05 + place.y * 0.004);
  return mix(0.84, 1.05, smoothstep(-0.5, 0.45, high + low * 0.4));
}
`;

const SHADED = /* glsl */ `
precision highp float;
uniform sampler2D uDetail;
varying vec3 vColour;
varying vec2 vUv;
varying vec4 vMask;
vec3 shaded(vec2 uv) {
  vec4 detail = texture2D(uDetail, uv) - 0.5;
  return vColour * (1.0 + 1.6 * dot(detail, vMask));
}
`;

/** The ground: the colour's alpha is 1 for water. */
export const FLOOR_VERTEX = /* glsl */ `
${INPUTS}
varying vec3 vPlace;
void main(void) {
  vec4 world = matrix_model * vec4(vertex_position, 1.0);
  vec2 place = world.xz + uOrigin;
  vColour = vertex_color.rgb * ${LIGHT_MAX.toFixed(2)} * cloud(place);
  vUv = vertex_detail.xy;
  vMask = masked(vertex_detail.zw);
  vPlace = vec3(place / 32.0, vertex_color.a);
  gl_Position = matrix_viewProjection * world;
}
`;

export const FLOOR_FRAGMENT = /* glsl */ `
${SHADED}
uniform float uTime;
varying vec3 vPlace;
void main(void) {
  vec3 colour;
  if (vPlace.z > 0.5) {
    float one = texture2D(uDetail, vUv * 0.8 + vec2(uTime * 0.012, uTime * 0.008)).r;
    float other = texture2D(uDetail, vUv * 1.1 - vec2(uTime * 0.01, -uTime * 0.007)).r;
    float glint = smoothstep(0.56, 0.7, (one + other) * 0.5 + abs(one - other) * 0.4);
    colour = vColour * (0.92 + 0.3 * (one - 0.5)) + glint * vec3(0.16, 0.2, 0.22);
  } else {
    colour = shaded(vUv);
    vec2 border = abs(fract(vPlace.xy) - 0.5);
    colour *= 1.0 - 0.07 * smoothstep(0.465, 0.495, max(border.x, border.y));
  }
  gl_FragColor = vec4(colour, 1.0);
}
`;

/** What stands on the ground. */
export const ACTIVE_VERTEX = /* glsl */ `
${INPUTS}
void main(void) {
  vec4 world = matrix_model * vec4(vertex_position, 1.0);
  vColour = vertex_color.rgb * ${LIGHT_MAX.toFixed(2)} * cloud(world.xz + uOrigin);
  vUv = vertex_detail.xy;
  vMask = masked(vertex_detail.zw);
  gl_Position = matrix_viewProjection * world;
}
`;

export const ACTIVE_FRAGMENT = /* glsl */ `
${SHADED}
void main(void) {
  gl_FragColor = vec4(shaded(vUv), 1.0);
}
`;

/**
 * Roofs and crowns: the colour's alpha is the sway. Around two places (x, z, radius, what is left)
 * they fade in an ordered pattern of holes, which needs no sorting.
 */
export const CEILING_VERTEX = /* glsl */ `
${INPUTS}
uniform vec4 uOpenings[2];
varying float vAlpha;
float left(vec4 opening, vec2 place) {
  float away = length(place - opening.xy);
  return mix(opening.w, 1.0, smoothstep(opening.z - 14.0, opening.z + 14.0, away));
}
void main(void) {
  vec4 world = matrix_model * vec4(vertex_position, 1.0);
  vec2 place = world.xz + uOrigin;
  float sway = vertex_color.a * max(0.0, world.y - 34.0) * 0.06;
  world.x += sin(uTime * 1.3 + place.x * 0.03 + place.y * 0.02) * sway;
  world.z += cos(uTime * 1.1 + place.y * 0.04) * sway * 0.6;
  vAlpha = min(left(uOpenings[0], world.xz), left(uOpenings[1], world.xz));
  vColour = vertex_color.rgb * ${LIGHT_MAX.toFixed(2)} * cloud(place);
  vUv = vertex_detail.xy;
  vMask = masked(vertex_detail.zw);
  gl_Position = matrix_viewProjection * world;
}
`;

export const CEILING_FRAGMENT = /* glsl */ `
${SHADED}
varying float vAlpha;
void main(void) {
  if (vAlpha < 0.99) {
    vec2 cell = floor(mod(gl_FragCoord.xy, 4.0));
    float threshold = fract(dot(cell, vec2(0.4375, 0.3125)) + 0.03);
    if (threshold >= vAlpha) discard;
  }
  gl_FragColor = vec4(shaded(vUv), 1.0);
}
`;
