import type { Element, ElementContent, Root } from 'hast'
import rehypeSanitize, { defaultSchema, type Options } from 'rehype-sanitize'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import { slugger } from '../../build/lint/slug.ts'

/** Only what is listed comes through, whatever the steps before let pass. */
const SCHEMA: Options = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== 'img' && name !== 'picture'),
  attributes: {
    ...defaultSchema.attributes,
    a: ['href', 'rel', 'dataTo', 'ariaLabel', 'ariaDescribedBy'],
  },
  protocols: { href: ['http', 'https'] },
  clobberPrefix: 'text-',
}

const PROCESSOR = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { clobberPrefix: '' })
  .use(() => tameLinks)
  .use(rehypeSanitize, SCHEMA)
  .use(rehypeStringify)

/**
 * Untrusted markdown as HTML that does nothing: markup in it is text, images are links, and a link that is not
 * absolute has no `href` but says in `data-to` where its author meant to go. Headings are one level lower, and have the
 * anchors that links are checked against. Takes far more than linear time on some texts, so it is run where it can be ended.
 */
export function renderMarkdown(text: string): string {
  return String(PROCESSOR.processSync(withoutFrontmatter(text)))
}

/** Frontmatter is settings, not text. */
function withoutFrontmatter(text: string): string {
  return text.replace(/^---\n(?:[\s\S]*?\n)?---(?:\n|$)/, '')
}

function tameLinks(root: Root): void {
  tame(root.children as ElementContent[], slugger())
}

function tame(nodes: readonly ElementContent[], slug: ReturnType<typeof slugger>): void {
  for (const node of nodes) {
    if (node.type !== 'element') continue
    if (node.tagName === 'img') becomeLink(node)
    if (node.tagName === 'a') tameLink(node)
    if (/^h[1-6]$/.test(node.tagName)) tameHeading(node, slug)
    tame(node.children, slug)
  }
}

function tameHeading(node: Element, slug: ReturnType<typeof slugger>): void {
  // A heading that is made here, above footnotes, has its id already.
  node.properties.id ??= slug(textIn(node).trim()).at(-1)
  // The page has a heading of its own above the text.
  node.tagName = node.tagName.replace(/[1-5]/, (level) => String(Number(level) + 1))
}

function textIn(node: ElementContent): string {
  if (node.type === 'text') return node.value
  return node.type === 'element' ? node.children.map(textIn).join('') : ''
}

function becomeLink(node: Element): void {
  const words = String(node.properties.alt ?? '') || String(node.properties.src ?? '')
  node.children = [{ type: 'text', value: `image: ${words}` }]
  node.properties = { href: node.properties.src }
  node.tagName = 'a'
}

function tameLink(node: Element): void {
  const href = String(node.properties.href ?? '')
  const { href: _, ...others } = node.properties
  node.properties = /^https?:\/\//i.test(href)
    ? { ...others, href, rel: ['noopener', 'noreferrer', 'nofollow'] }
    : { ...others, dataTo: href }
}
