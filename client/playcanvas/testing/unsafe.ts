/** A canvas as far as an engine without a screen looks at it: Bun has no DOM to make one. */
export function headlessCanvas(): HTMLCanvasElement {
  const canvas = {
    width: 100,
    height: 100,
    clientWidth: 100,
    clientHeight: 100,
    style: {},
    id: "headless",
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
  };
  return canvas as unknown as HTMLCanvasElement;
}
