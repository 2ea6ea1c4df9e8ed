/**
 * Makes `current` what `next` is, touching only what differs: whatever stays keeps its focus, its scroll position and
 * whether it is open. Elements with the same `data-key` are taken for each other.
 */
export function morph(current: Element, next: Element): void {
  morphAttributes(current, next)
  // Rendered texts are compared by their digest, and kept or replaced as a whole.
  if (
    next.hasAttribute('data-text') &&
    current.getAttribute('data-text-drawn') === next.getAttribute('data-text')
  )
    return
  morphChildren(current, next)
}

function morphAttributes(current: Element, next: Element): void {
  for (const { name, value } of [...next.attributes]) {
    if (!isOfPerson(current, name) && current.getAttribute(name) !== value) current.setAttribute(name, value)
  }
  for (const { name } of [...current.attributes]) {
    if (!next.hasAttribute(name) && !isOfPerson(current, name)) current.removeAttribute(name)
  }
  morphValue(current, next)
}

/** What a field holds is no attribute. */
function morphValue(current: Element, next: Element): void {
  if (next instanceof HTMLOptionElement && current instanceof HTMLOptionElement) {
    current.selected = next.selected
  }
  const isField = next instanceof HTMLInputElement && current instanceof HTMLInputElement
  if (isField && current !== document.activeElement) current.value = next.value
}

/** What is decided by the person before the page, or once a text is in its place, and not by drawing. */
function isOfPerson(element: Element, attribute: string): boolean {
  return attribute === 'data-text-drawn' || (element instanceof HTMLDetailsElement && attribute === 'open')
}

function morphChildren(current: Element, next: Element): void {
  const keyed = keyedChildren(current)
  let cursor = current.firstChild
  for (const wanted of [...next.childNodes]) {
    const match = matchFor(wanted, cursor, keyed)
    if (match === cursor) cursor = cursor?.nextSibling ?? null
    else current.insertBefore(match ?? wanted, cursor)
    if (match !== undefined) morphNode(match, wanted)
  }
  while (cursor !== null) {
    const after = cursor.nextSibling
    cursor.remove()
    cursor = after
  }
}

function morphNode(current: Node, next: Node): void {
  if (current instanceof Element && next instanceof Element) morph(current, next)
  else if (current.nodeValue !== next.nodeValue) current.nodeValue = next.nodeValue
}

function keyedChildren(element: Element): ReadonlyMap<string, Element> {
  const keyed = new Map<string, Element>()
  for (const child of element.children) {
    const key = keyOf(child)
    if (key !== undefined) keyed.set(key, child)
  }
  return keyed
}

function matchFor(
  wanted: Node,
  cursor: ChildNode | null,
  keyed: ReadonlyMap<string, Element>,
): ChildNode | undefined {
  const key = keyOf(wanted)
  const found = key === undefined ? cursor : keyed.get(key)
  if (found === null || found === undefined) return undefined
  return keyOf(found) === key && found.nodeName === wanted.nodeName ? found : undefined
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute('data-key') ?? undefined) : undefined
}
