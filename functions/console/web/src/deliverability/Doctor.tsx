import { Badge, Button, Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconQuestionMark, IconRefresh, IconX, type Icon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import { ink } from '../theme'
import { Await } from '../ui/Feedback'
import { useDoctor, type Check, type CheckState } from './queries'

const LOOK: Record<CheckState, { colour: string; Picture: Icon }> = {
  error: { colour: 'red', Picture: IconX },
  warning: { colour: 'orange', Picture: IconAlertTriangle },
  unknown: { colour: 'gray', Picture: IconQuestionMark },
  ok: { colour: 'teal', Picture: IconCheck },
}
const ORDER: CheckState[] = ['error', 'warning', 'unknown', 'ok']

/** What keeps mail from arriving: the worst first, each with what to do next. */
export function Doctor() {
  const { t } = useTranslation()
  const query = useDoctor()
  return (
    <Paper component="section" aria-labelledby="doctor">
      <Group justify="space-between" mb={4}>
        <Title order={2} fz="md" id="doctor">
          {t('doctor.title')}
        </Title>
        <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('doctor.again')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('doctor.hint')}
      </Text>
      <Await query={query}>
        {({ checks, counts }) => (
          <Stack gap="sm">
            <Group gap="xs">
              {ORDER.filter((state) => counts[state] > 0).map((state) => (
                <Badge key={state} variant="light" color={LOOK[state].colour} c={ink(LOOK[state].colour)}>
                  {t(`doctor.count_${state}`, { count: counts[state] })}
                </Badge>
              ))}
            </Group>
            <Stack gap={0} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {ORDER.flatMap((state) => checks.filter((check) => check.state === state)).map((check) => (
                <Row key={`${check.id}${check.subject ?? ''}`} check={check} />
              ))}
            </Stack>
          </Stack>
        )}
      </Await>
    </Paper>
  )
}

function Row({ check }: { check: Check }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { colour, Picture } = LOOK[check.state]
  return (
    <Group
      component="li"
      data-check={check.id}
      data-state={check.state}
      align="flex-start"
      wrap="nowrap"
      gap="sm"
      py="xs"
      style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}
    >
      <ThemeIcon variant="light" color={colour} radius="xl" size="md" aria-hidden>
        <Picture size={16} />
      </ThemeIcon>
      <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {format.label(check.label)}
          {check.subject && ` · ${check.subject}`}
          <Text span size="sm" c={ink(colour)} fw={600}>
            {' '}
            — {t(`doctor.state_${check.state}`)}
          </Text>
        </Text>
        <Text size="sm">{format.label(check.text)}</Text>
        {check.step && (
          <Text size="sm" mt={2}>
            <Text span fw={600}>
              {t('doctor.step')}:{' '}
            </Text>
            {format.label(check.step)}
          </Text>
        )}
      </div>
    </Group>
  )
}
