import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { digestOf } from '../../schemas/digest.ts'
import { textFile } from '../http/text-file.ts'
import type { ServedFile } from '../store/served-release.ts'

/** The catalog page: one document, and what it loads, by address. */
export interface Page {
  readonly html: ServedFile
  readonly assets: ReadonlyMap<string, ServedFile>
}

/** What the page may load: its own files, and nothing of anybody else's. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types catalog',
].join('; ')

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

/** Bundles the page from its sources. There is nothing to build beforehand, and nothing generated is kept. */
export async function bundlePage(): Promise<Page> {
  const source = (name: string) => fileURLToPath(new URL(`./page/${name}`, import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [source('main.ts'), source('style.css')],
    outdir: source('.'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
  })
  const texts = outputFiles.map(({ path, text }) => ({ name: basename(path), text }))
  const named = [...texts, { name: 'icon.svg', text: ICON }].map(({ name, text }) => {
    const extension = name.slice(name.lastIndexOf('.') + 1)
    const file = textFile(text, MEDIA_TYPES[extension] ?? 'text/plain')
    return { name, address: `/catalog/assets/${digestOf(text).slice(0, 16)}-${name}`, file }
  })
  const addressOf = (name: string) => named.find((one) => one.name === name)?.address ?? ''
  return {
    html: textFile(documentText(addressOf), 'text/html'),
    assets: new Map(named.map(({ address, file }) => [address, file])),
  }
}

function documentText(addressOf: (name: string) => string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Context Mill</title>
<link rel="icon" type="image/svg+xml" href="${addressOf('icon.svg')}">
<link rel="stylesheet" href="${addressOf('style.css')}">
<script type="module" src="${addressOf('main.js')}"></script>
</head>
<body>
<noscript><p>This page is drawn by a script. Without one, <a href="/channels">/channels</a> tells what is served, and <a href="/skill-menu.json">/skill-menu.json</a> what is in it.</p></noscript>
<div id="page"></div>
</body>
</html>
`
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#b4541a"/><path d="M8 2.5v11M2.5 8h11M4.1 4.1l7.8 7.8M11.9 4.1l-7.8 7.8" stroke="#fff" stroke-width="1.3"/><circle cx="8" cy="8" r="2" fill="#b4541a" stroke="#fff" stroke-width="1.3"/></svg>
`
