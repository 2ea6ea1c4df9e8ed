/** Manifest files that make a folder a project, in the order they are looked at. */
export const MANIFESTS = [
  'package.json',
  'pyproject.toml',
  'requirements.txt',
  'composer.json',
  'Gemfile',
  'go.mod',
  'build.gradle',
  'build.gradle.kts',
  'Package.swift',
  'pubspec.yaml',
] as const
export type ManifestName = (typeof MANIFESTS)[number]

export interface FrameworkRule {
  /** Name that variants carry in their `framework` field. */
  readonly framework: string
  readonly manifests: readonly ManifestName[]
  /** The rule holds when one of these is a dependency; an empty list holds for any such manifest. */
  readonly dependencies: readonly string[]
}

const node = (framework: string, ...dependencies: string[]): FrameworkRule => ({
  framework,
  manifests: ['package.json'],
  dependencies,
})
const python = (framework: string): FrameworkRule => ({
  framework,
  manifests: ['pyproject.toml', 'requirements.txt'],
  dependencies: [framework],
})
const gradle = ['build.gradle', 'build.gradle.kts'] as const

/**
 * Which dependency means which framework; the first rule that holds wins. Frameworks that own the whole
 * app come first, then those of other languages (whose apps often carry a package.json for their assets),
 * then browser libraries, then Node servers, with express last since so many others stand on it.
 */
export const FRAMEWORKS: readonly FrameworkRule[] = [
  node('nextjs', 'next'),
  node('nuxt', 'nuxt', 'nuxt3'),
  node('sveltekit', '@sveltejs/kit'),
  node('astro', 'astro'),
  node('remix', '@remix-run/react', '@remix-run/node', '@remix-run/dev'),
  node('tanstack-start', '@tanstack/react-start', '@tanstack/start'),
  node('react-native', 'react-native', 'expo'),
  { framework: 'laravel', manifests: ['composer.json'], dependencies: ['laravel/framework'] },
  { framework: 'rails', manifests: ['Gemfile'], dependencies: ['rails'] },
  python('django'),
  python('fastapi'),
  python('flask'),
  { framework: 'flutter', manifests: ['pubspec.yaml'], dependencies: ['flutter'] },
  {
    framework: 'android',
    manifests: gradle,
    dependencies: ['com.android.application', 'com.android.library'],
  },
  { framework: 'swift', manifests: ['Package.swift'], dependencies: [] },
  node('angular', '@angular/core'),
  node('react-router', '@react-router/dev', 'react-router', 'react-router-dom'),
  node('tanstack-router', '@tanstack/react-router'),
  node('vue', 'vue'),
  node('svelte', 'svelte'),
  node('react', 'react'),
  node('nestjs', '@nestjs/core'),
  node('fastify', 'fastify'),
  node('hono', 'hono'),
  node('koa', 'koa'),
  node('express', 'express'),
]

/** What a manifest says, whatever its language. */
export interface ManifestFacts {
  readonly manifest: ManifestName
  readonly dependencies: ReadonlySet<string>
}

/** Name of the first framework whose rule holds for one of the manifests; null when none does. */
export function frameworkOf(manifests: readonly ManifestFacts[]): string | null {
  const holds = (rule: FrameworkRule) =>
    manifests.some(
      ({ manifest, dependencies }) =>
        rule.manifests.includes(manifest) &&
        (rule.dependencies.length === 0 || rule.dependencies.some((name) => dependencies.has(name))),
    )
  return FRAMEWORKS.find(holds)?.framework ?? null
}
