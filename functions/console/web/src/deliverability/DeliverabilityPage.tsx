import { Alert, Button, Group, Paper, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop, IconShieldCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import { useMayWrite, useMeta, useOwnerName } from '../meta'
import { ink } from '../theme'
import { Await } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Tile } from '../ui/Tile'
import { LetGoDialog } from './Dialogs'
import { Doctor } from './Doctor'
import { useDeliverability, type Deliverability } from './queries'

export function DeliverabilityPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('nav.deliverability')} />
      <Await query={useDeliverability()}>{(state) => <View state={state} />}</Await>
    </>
  )
}

function View({ state }: { state: Deliverability }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { account, limits, quota } = state
  return (
    <Stack>
      <Brake state={state} />
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Tile label={t('deliverability.known')} value={format.integer(account.known)} colour="gray" />
        <Tile label={t('deliverability.delivered')} value={format.integer(account.delivered)} colour="teal" />
        <Tile label={t('deliverability.bounced')} value={format.integer(account.bounced)} colour="red" />
        <Tile label={t('deliverability.complained')} value={format.integer(account.complained)} colour="orange" />
      </SimpleGrid>
      <Paper>
        <Title order={2} fz="md" mb={4}>
          {t('deliverability.rates', { hours: state.window_hours })}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t('deliverability.rates_hint')}
        </Text>
        <Stack gap="md">
          <Rate name="bounces" share={account.bounce_rate} limit={limits.bounce_limit} minimum={limits.bounce_minimum} />
          <Rate name="complaints" share={account.complaint_rate} limit={limits.complaint_limit} minimum={limits.complaint_minimum} />
        </Stack>
      </Paper>
      {quota && (
        <Paper>
          <Title order={2} fz="md" mb="sm">
            {t('deliverability.quota')}
          </Title>
          <Meter
            label={t('deliverability.quota_used', { sent: format.integer(quota.sent), day: format.integer(quota.per_day) })}
            value={quota.per_day ? quota.sent / quota.per_day : 0}
            aside={t('deliverability.quota_rate', { rate: format.integer(quota.rate) })}
          />
        </Paper>
      )}
      <Doctor />
    </Stack>
  )
}

function Brake({ state }: { state: Deliverability }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { stop_reasons } = useMeta()
  const ownerName = useOwnerName()
  const mayWrite = useMayWrite()
  const [opened, { open, close }] = useDisclosure(false)
  const { brake } = state
  const why = (id: string) => format.label(stop_reasons.find((known) => known.id === id)?.label) || id
  if (!brake.brake)
    return (
      <Alert
        color={state.warning ? 'orange' : 'teal'}
        icon={<IconShieldCheck />}
        title={t(state.warning ? `deliverability.near_${state.warning}` : 'deliverability.off')}
        styles={{ title: { color: ink(state.warning ? 'orange' : 'teal') } }}
      >
        {t(state.limits.brakes ? 'deliverability.off_text' : 'deliverability.disabled')}
        {brake.released_at && brake.released_by && (
          <Text size="sm" mt={4}>
            {t('deliverability.released', { who: ownerName(brake.released_by), when: format.instant(brake.released_at), note: brake.note })}
          </Text>
        )}
      </Alert>
    )
  return (
    <Alert color="red" role="alert" icon={<IconHandStop />} title={t('deliverability.on')} styles={{ title: { color: ink('red') } }}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{why(brake.brake)}</Text>
        {brake.figures && (
          <Text size="sm">
            {t('deliverability.figures', {
              when: brake.at ? format.instant(brake.at) : '',
              bounces: format.percent(brake.figures.bounce_rate),
              complaints: format.percent(brake.figures.complaint_rate),
              known: format.integer(brake.figures.known),
            })}
          </Text>
        )}
        <Text size="sm">{t('deliverability.still')}</Text>
        {mayWrite && (
          <Button color="red" onClick={open}>
            {t('deliverability.let_go')}
          </Button>
        )}
      </Stack>
      <LetGoDialog opened={opened} onClose={close} />
    </Alert>
  )
}

function Rate({ name, share, limit, minimum }: { name: string; share: number; limit: number; minimum: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Meter
      label={`${t(`deliverability.${name}`)}: ${format.percent(share)}`}
      value={share / limit}
      aside={t('deliverability.limit', { limit: format.percent(limit), minimum: format.integer(minimum) })}
    />
  )
}

function Meter({ label, value, aside }: { label: string; value: number; aside: string }) {
  const colour = value >= 1 ? 'red' : value >= 0.5 ? 'orange' : 'teal'
  return (
    <div>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="sm" c="dimmed">
          {aside}
        </Text>
      </Group>
      <Progress value={Math.min(100, value * 100)} color={colour} size="lg" aria-label={label} />
    </div>
  )
}
