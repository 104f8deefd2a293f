import { Anchor, Grid, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Results } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { useReason } from './words'

interface Row {
  id: string
  label: ReactNode
  hint?: string
  count: number
}

/** Which links were followed, why mails came back, why some were not sent: each with how often, the most first. */
export function Breakdown({ results }: { results: Results }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { bounce_kinds } = useMeta()
  const reason = useReason()
  const links = (results.links ?? []).map(({ url, clicks }) => ({ id: url, count: clicks, label: <Address url={url} /> }))
  const bounces = (results.bounces ?? []).map(({ kind, count, example }) => ({
    id: kind,
    count,
    label: format.label(bounce_kinds.find(({ id }) => id === kind)?.label) || kind,
    hint: example,
  }))
  const skips = (results.reasons ?? []).map(({ status, reason: id, count }) => ({
    id: `${status}-${id}`,
    count,
    label: id ? reason(id) : t(`state.${status}`, { defaultValue: status }),
  }))
  return (
    <Grid>
      <Ranking title={t('results.links')} rows={links} span={12} />
      <Ranking title={t('results.bounces')} rows={bounces} span={6} />
      <Ranking title={t('results.reasons')} rows={skips} span={6} />
    </Grid>
  )
}

function Ranking({ title, rows, span }: { title: string; rows: Row[]; span: number }) {
  const format = useFormat()
  if (rows.length === 0) return null
  const most = Math.max(...rows.map(({ count }) => count), 1)
  return (
    <Grid.Col span={{ base: 12, md: span }}>
      <Paper h="100%" component="section" aria-label={title}>
        <Title order={2} fz="md" mb="sm">
          {title}
        </Title>
        <Stack gap="xs">
          {rows.map(({ id, label, hint, count }) => (
            <div key={id}>
              <Group justify="space-between" wrap="nowrap" gap="md">
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {label}
                </Text>
                <Text size="sm" fw={600}>
                  {format.integer(count)}
                </Text>
              </Group>
              <Progress value={(100 * count) / most} size="sm" aria-hidden />
              {hint && (
                <Text size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                  {hint}
                </Text>
              )}
            </div>
          ))}
        </Stack>
      </Paper>
    </Grid.Col>
  )
}

/** Only what a browser opens as a page becomes a link: the address was in a mail, but who knows who wrote that. */
function Address({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{url}</>
  return (
    <Anchor href={url} target="_blank" rel="noreferrer noopener" size="sm">
      {url}
    </Anchor>
  )
}
