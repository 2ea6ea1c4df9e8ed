import { describe, expect, test } from 'vitest'
import { hunkOf } from '../../../../client/harness/embedded/source/hunk.ts'
import { withDependency } from '../../../../client/harness/embedded/source/manifest.ts'
import { styleOf, withImport, withRequire } from '../../../../client/harness/embedded/source/module.ts'
import { replyOf, routesIn } from '../../../../client/harness/embedded/source/routes.ts'
import { functionBody, insertLine } from '../../../../client/harness/embedded/source/statements.ts'
import { replyPoint, requestIn, successPoint } from '../../../../client/harness/embedded/source/success.ts'
import { fc } from '../../../properties.ts'

describe('hunkOf()', () => {
  test('is a piece that occurs once and turns one text into the other', () => {
    const line = fc.constantFrom('', 'a', 'b', '}', '  }')
    const text = fc.array(line).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '')
        const { oldText, newText } = hunkOf(before, after)
        expect(before.split(oldText)).toHaveLength(2)
        expect(before.split(oldText).join(newText)).toBe(after)
      }),
    )
  })
})

describe('withDependency()', () => {
  const add = (text: string) => withDependency(text, 'posthog-js', '^1.2.3') ?? ''

  test.each([
    [
      '{\n  "dependencies": {\n    "next": "1",\n    "react": "2"\n  }\n}\n',
      '    "next": "1",\n    "posthog-js": "^1.2.3",\n    "react": "2"\n',
    ],
    ['{\n\t"dependencies": {\n\t\t"a": "1"\n\t}\n}', '\t\t"a": "1",\n\t\t"posthog-js": "^1.2.3"\n\t}\n}'],
    [
      '{\n  "dependencies": {\n    "z": "1",\n    "a": "2"\n  }\n}',
      '"a": "2",\n    "posthog-js": "^1.2.3"\n',
    ],
    [
      '{\r\n  "dependencies": {\r\n    "a": "1"\r\n  }\r\n}\r\n',
      '"a": "1",\r\n    "posthog-js": "^1.2.3"\r\n  }',
    ],
    ['{ "dependencies": { "a": "1" } }', '{ "a": "1", "posthog-js": "^1.2.3" }'],
    ['{\n  "dependencies": {}\n}', '"dependencies": {\n    "posthog-js": "^1.2.3"\n  }'],
    ['{\n  "name": "x"\n}\n', '"name": "x",\n  "dependencies": {\n    "posthog-js": "^1.2.3"\n  }\n}\n'],
    [
      '{\n  "x": { "dependencies": { "no": "1" } },\n  "dependencies": { "a": "1" }\n}',
      '"no": "1" } },\n  "dependencies": { "a": "1", "posthog-js"',
    ],
  ])('adds one line to %j', (text, expected) => {
    expect(add(text)).toContain(expected)
  })

  test('leaves every other value as it was, whatever the manifest', () => {
    const names = fc.dictionary(fc.constantFrom('a', 'next', 'q"x', 'react', '{', '}'), fc.string(), {
      maxKeys: 5,
    })
    const manifest = fc.record(
      { name: fc.string(), dependencies: names, devDependencies: names },
      { requiredKeys: ['name'] },
    )
    fc.assert(
      fc.property(manifest, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const plain = structuredClone({ ...value }) as typeof value
        const after = JSON.parse(add(JSON.stringify(plain, null, indent)))
        expect(after).toEqual({ ...plain, dependencies: { ...plain.dependencies, 'posthog-js': '^1.2.3' } })
      }),
    )
  })

  test('is undefined for what is no manifest', () => {
    expect(withDependency('[]', 'a', '1')).toBeUndefined()
  })
})

describe('withImport()', () => {
  const add = (text: string, from = 'posthog-js') => withImport(text, { binding: 'posthog', from })

  test.each([
    [
      "'use client'\n\nimport a from 'a'\nimport z from 'z'\n",
      "import a from 'a'\nimport posthog from 'posthog-js'\nimport z",
    ],
    ['import a from "a";\n\nx();\n', 'import a from "a";\nimport posthog from "posthog-js";\n\nx'],
    ["import {\n  a,\n  b,\n} from 'z'\n", "import posthog from 'posthog-js'\nimport {\n"],
    ["import './x.css'\nimport a from './a'\n", "import posthog from 'posthog-js'\nimport './x.css'"],
    ["'use client'\n\nexport const x = 1\n", "'use client'\n\nimport posthog from 'posthog-js'\nexport"],
    ["import a from 'a'\r\n", "import a from 'a'\r\nimport posthog from 'posthog-js'\r\n"],
  ])('puts it where it belongs in %j', (text, expected) => {
    expect(add(text)).toContain(expected)
    expect(add(add(text))).toBe(add(text))
  })

  test('puts a local module among local ones', () => {
    expect(
      add("import e from 'express'\nimport a from './a.js'\nimport u from './u.js'\n", './posthog.js'),
    ).toBe(
      "import e from 'express'\nimport a from './a.js'\nimport posthog from './posthog.js'\nimport u from './u.js'\n",
    )
    const commonjs = "const e = require('express')\nconst u = require('./u')\n"
    const required = withRequire(commonjs, { binding: '{ posthog }', from: './posthog' })
    expect(required).toBe(
      "const e = require('express')\nconst { posthog } = require('./posthog')\nconst u = require('./u')\n",
    )
    expect(withRequire(required, { binding: '{ posthog }', from: './posthog' })).toBe(required)
  })

  test('styleOf() tells quotes, semicolons and indentation', () => {
    expect(styleOf('import a from "a";\n\tb();\r\n')).toEqual({
      quote: '"',
      semicolon: ';',
      indent: '\t',
      eol: '\r\n',
    })
    expect(styleOf('')).toEqual({ quote: "'", semicolon: '', indent: '  ', eol: '\n' })
  })
})

/** The text with a mark where a handler's request has succeeded. */
function marked(text: string, point = successPoint(text, 'save')): string | undefined {
  return point && insertLine(text, 'MARK', point)
}

describe('successPoint()', () => {
  test.each([
    ['function save() {\n  await fetch("/x")\n  next()\n}\n', '  await fetch("/x")\n  MARK\n  next'],
    [
      'const save = async () => {\n  const r = await fetch("/x", {\n    method: "POST",\n  })\n  if (!r.ok) {\n    return\n  }\n  next()\n}\n',
      '  }\n  MARK\n  next',
    ],
    [
      'async function save(e: Event) {\n  const r = await fetch("/x")\n  if (!r.ok) throw new Error("}")\n  next()\n}',
      '"}")\n  MARK\n',
    ],
    [
      'const save = useCallback(async () => {\n  const r = await fetch("/x")\n  if (r.ok) {\n    next()\n  }\n}, [])\n',
      'if (r.ok) {\n    MARK\n    next',
    ],
    [
      'async function save() {\n  try {\n    const r = await fetch("/x")\n    next(r)\n  } catch {}\n}',
      'fetch("/x")\n    MARK\n',
    ],
  ])('is behind the check in %j', (text, expected) => {
    expect(marked(text)).toContain(expected)
  })

  test.each([
    'function other() {\n  await fetch("/x")\n}\n',
    'function save() {\n  next()\n}\n',
    'async function save() {\n  await fetch("/a")\n  await fetch("/b")\n}\n',
    'async function save() {\n  const r = await fetch("/x")\n  if (!r.ok) {\n    fail()\n  } else {\n    next()\n  }\n}\n',
    'async function save() {\n  await fetch("/x"\n',
  ])('is not guessed in %j', (text) => {
    expect(successPoint(text, 'save')).toBeUndefined()
  })

  test('functionBody() is not taken in by brackets in strings and comments', () => {
    const text = 'function save() {\n  a("}") // }\n  b(`}`) /* } */\n}\nrest'
    const body = functionBody(text, 'save')
    expect(text.slice(body?.end)).toBe('\nrest')
  })

  test('requestIn() and replyPoint() tell what is sent and what comes back', () => {
    const text =
      'async function save() {\n  const r = await fetch("/api/x", { method: "POST", body: JSON.stringify({ title, n: count }) })\n  if (!r.ok) return\n  const { user } = (await r.json()) as X\n  next(user)\n}\n'
    expect(requestIn(text, 'save')).toEqual({ url: '/api/x', method: 'POST', sent: ['title', 'count'] })
    expect(replyPoint(text, 'save')).toMatchObject({ names: ['user'], whole: false })
    expect(marked(text, replyPoint(text, 'save'))).toContain('as X\n  MARK\n  next')
  })
})

describe('routesIn()', () => {
  test('finds routes and the reply each ends with', () => {
    const text =
      'app.get("/a", (q, r) => r.send())\nrouter.post("/b/:id", auth, async (req, res, next) => {\n  if (x) {\n    res.status(400).json({})\n    return\n  }\n  res.json({ ok: "}" })\n})\n'
    const [route, ...more] = routesIn(text)
    expect(more).toEqual([])
    expect(route).toMatchObject({ method: 'POST', path: '/b/:id', request: 'req', response: 'res' })
    expect(route && marked(text, replyOf(text, route))).toContain('  }\n  MARK\n  res.json')
    expect(routesIn('app.post("/c", handler)\napp.post("/d", (a, b) => {')).toEqual([])
    expect(routesIn('app.post("/e", function (req, res) {\n  save(() => { res.send() })\n})')).toMatchObject([
      { path: '/e' },
    ])
  })
})
