import { expect, test } from 'vitest'
import { documentRequests } from '../../../build/fetch/requests.ts'

function requestsOf(files: Readonly<Record<string, string>>) {
  return documentRequests({
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    diagnostics: [],
  }).map(({ url, from, line, column }) => `${from}:${line}:${column} ${url}`)
}

test('documentRequests() finds every reference of a group, where it stands', () => {
  const config = [
    'shared_docs: [https://a.com/1, "https://a.com/2"]',
    'variants:',
    '  - id: x',
    '    docs_urls:',
    '      - https://a.com/3',
    '      - { title: Four, url: ./four.md }',
    '    shared_docs:',
    '      - url: https://a.com/5',
    '        title: Five',
  ].join('\r\n')
  expect(requestsOf({ 'skills/a/b/config.yaml': config })).toEqual([
    'skills/a/b/config.yaml:1:15 https://a.com/1',
    'skills/a/b/config.yaml:1:32 https://a.com/2',
    'skills/a/b/config.yaml:5:9 https://a.com/3',
    'skills/a/b/config.yaml:6:29 ./four.md',
    'skills/a/b/config.yaml:8:14 https://a.com/5',
  ])
})

test('documentRequests() finds the references of docs.yaml, bare or under its key', () => {
  const bare = '- id: a\n  urls:\n    - https://a.com/1\n'
  expect(requestsOf({ 'docs.yaml': bare })).toEqual(['docs.yaml:3:7 https://a.com/1'])
  const keyed = 'docs:\n  - id: a\n    urls: [https://a.com/1]\n'
  expect(requestsOf({ 'docs.yaml': keyed })).toEqual(['docs.yaml:3:12 https://a.com/1'])
})

test.each([
  [
    'another file',
    { 'docs/config.yaml': 'shared_docs: [https://a.com]', 'skills/a/docs.yaml': '- urls: [x]' },
  ],
  ['broken YAML', { 'skills/a/config.yaml': 'shared_docs: [https://a.com' }],
  [
    'wrong shapes',
    { 'skills/a/config.yaml': 'shared_docs: 3\nvariants: {docs_urls: [x]}', 'docs.yaml': 'docs: 7' },
  ],
  [
    'wrong items',
    { 'skills/a/config.yaml': 'shared_docs: [1, null, [x], {title: x}, {url: 3}, ""]\nvariants: [null, 3]' },
  ],
  ['an empty file', { 'skills/a/config.yaml': '', 'docs.yaml': '' }],
  ['bytes that are no text', { 'skills/a/config.yaml': '\0\uFFFD' }],
])('documentRequests() passes over %s', (_, files) => {
  expect(requestsOf(files)).toEqual([])
})
