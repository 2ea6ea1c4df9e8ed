import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode as cl100k } from 'gpt-tokenizer/encoding/cl100k_base'
import { encode as o200k } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import { estimateTokens } from '../../build/tokens.ts'
import { fc } from '../properties.ts'
import { growsLinearly } from './cpu-time.ts'

const REPO = join(import.meta.dirname, '../..')

/** Texts that were written for a model or a developer, of 400 characters or more. */
function texts(...folders: readonly string[]): [path: string, text: string][] {
  return folders
    .flatMap((folder) => {
      const names = readdirSync(join(REPO, folder), { recursive: true, encoding: 'utf8' })
      return names.filter((name) => /\.(md|ts)$/.test(name)).map((name) => join(folder, name))
    })
    .map((path): [string, string] => [path, readFileSync(join(REPO, path), 'utf8').replaceAll('<|', '< ')])
    .filter(([, text]) => text.length >= 400)
}

describe('estimateTokens()', () => {
  test.each([
    { name: 'o200k', encode: o200k },
    { name: 'cl100k', encode: cl100k },
  ])('is within 15 % of $name for the prompts, skills and code of this repository', ({ encode }) => {
    const all = texts('content', 'test/fixtures/content-full', 'schemas', 'build/commands', 'build/expand')
    expect(all.length).toBeGreaterThan(50)
    const outside = all
      .map(([path, text]) => [path, estimateTokens(text) / encode(text).length] as const)
      .filter(([, ratio]) => Math.abs(ratio - 1) > 0.15)
    expect(outside).toEqual([])
  })

  test.each([
    '这是一个关于提示词和技能的编译器，它会检查内容中的错误，并发布不可变的版本。',
    'Это компилятор для подсказок и навыков, он находит ошибки раньше агента и публикует выпуски.',
    'Der Übersetzer prüft Inhalte wie Programmtext und veröffentlicht unveränderliche Ausgaben.',
    '프롬프트와 스킬을 컴파일하고 검사합니다. 모든 오류를 먼저 찾아냅니다.',
    'コンテンツをコンパイルして、リリースとして公開します。',
  ])('is within 40 %% for %s', (sentence) => {
    const text = sentence.repeat(5)
    expect(Math.abs(estimateTokens(text) / o200k(text).length - 1)).toBeLessThan(0.4)
  })

  test('is zero for nothing, never negative, and grows when a text does', () => {
    expect(estimateTokens('')).toBe(0)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const both = estimateTokens(`${a}\n${b}`)
        expect(both).toBeGreaterThanOrEqual(Math.max(estimateTokens(a), estimateTokens(b)) - 1)
        expect(both).toBeLessThanOrEqual((a.length + b.length) * 2 + 2)
      }),
    )
  })

  test.each(['x', ' ', '\n', '#', '0', 'é', '漢', 'aB'])('reads a text of %j in linear time', (unit) => {
    const read = (length: number) => estimateTokens(unit.repeat(length))
    expect(growsLinearly(read, { small: 50_000, most: 40, floor: 5 })).toBe(true)
  })
})
