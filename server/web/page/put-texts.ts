import type { Shown } from './scene.ts'

/** What a browser with Trusted Types asks for where HTML is parsed. */
interface HtmlPolicy {
  readonly createHTML: (text: string) => string
}
interface PolicyFactory {
  readonly createPolicy: (name: string, policy: HtmlPolicy) => HtmlPolicy
}

const factory = (globalThis as { readonly trustedTypes?: PolicyFactory }).trustedTypes
/** The one way for HTML into this page: texts that the server has made safe. */
const policy = factory?.createPolicy('catalog', { createHTML: (text) => text })

/** Puts rendered texts where the picture has places for them; what stands there already is left alone. */
export function putTexts(root: Element, shown: ReadonlyMap<string, Shown>): void {
  for (const place of root.querySelectorAll('[data-text]')) {
    const key = place.getAttribute('data-text') ?? ''
    const text = shown.get(key)
    if (text === undefined || place.getAttribute('data-text-drawn') === key) continue
    place.replaceChildren(fragmentOf(text))
    place.setAttribute('data-text-drawn', key)
  }
}

function fragmentOf(text: Shown): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = policy?.createHTML(text.html) ?? text.html
  const { content } = template
  for (const link of content.querySelectorAll('a[data-to]')) {
    const target = link.getAttribute('data-to') ?? ''
    const href = target.startsWith('#') && !hasPlace(content, target) ? undefined : linkOf(text, target)
    if (href !== undefined) link.setAttribute('href', href)
  }
  for (const pre of content.querySelectorAll('pre')) pre.tabIndex = 0
  for (const table of content.querySelectorAll('table')) inScroll(table)
  return content
}

/** Where an anchor of a rendered text is; its name is no name of this page. */
export function placeOf(root: Document | DocumentFragment, at: string): HTMLElement | null {
  return root.getElementById(`text-${at}`) ?? root.getElementById(`text-${at.toLowerCase()}`)
}

function hasPlace(content: DocumentFragment, target: string): boolean {
  try {
    return placeOf(content, decodeURIComponent(target.slice(1))) !== null
  } catch {
    return false
  }
}

/** A target that is no address leads nowhere. */
function linkOf({ linkTo }: Shown, target: string): string | undefined {
  try {
    return linkTo(target)
  } catch {
    return undefined
  }
}

function inScroll(table: Element): void {
  const scroll = document.createElement('div')
  scroll.className = 'scroll'
  table.replaceWith(scroll)
  scroll.append(table)
}
