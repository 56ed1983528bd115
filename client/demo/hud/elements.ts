/** The element with this id, of this type; the page is wrong without it. */
export function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`cannot show the page: element "${id}" is missing`);
}

/** Sets the text when it has changed; writing the same text costs a layout. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
