import type { MetricSources, Metrics } from '../http/metrics.ts'
import { FRESH } from '../http/reply.ts'
import type { Route } from '../http/route.ts'

/** Figures for a monitoring system. */
export function metricRoutes(metrics: Metrics, now: () => MetricSources): readonly Route[] {
  return [
    {
      path: '/metrics',
      summary: 'Figures of the server and its channels, in the text form of Prometheus',
      replies: { 200: { description: 'The figures', content: { 'text/plain': null } } },
      answer: async (_request, response) => {
        const text = await metrics.text(now())
        response.setHeader('Content-Type', metrics.contentType)
        response.setHeader(...FRESH)
        response.end(text)
      },
    },
  ]
}
