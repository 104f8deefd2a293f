import { Button, Group, Paper, Radio, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { Module } from '../api/types'
import { LeaveGuard } from '../editing/LeaveGuard'
import { FieldValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf, shown, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { Await, ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { NARROW } from '../ui/ResponsiveTable'
import { useReport } from './ManyBar'
import { useMany, useMergePreview, type MergePreview } from './many'

export function MergePage() {
  const { module: moduleId, id } = useParams()
  const module = useModule(moduleId)
  const [address] = useSearchParams()
  const others = (address.get('with') ?? '').split(',').filter(Boolean)
  return module && id && others.length > 0 ? <Merge key={id} module={module} ids={[id, ...others]} /> : <NotFound />
}

function Merge({ module, ids }: { module: Module; ids: string[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [kept, setKept] = useState(ids[0]!)
  const [choices, setChoices] = useState<Record<string, string>>({})
  const others = ids.filter((id) => id !== kept)
  const query = useMergePreview(module.id, kept, others, choices)
  return (
    <>
      <PageHeader
        title={t('merging.title')}
        above={{ label: format.label(module.label), to: `/records/${module.id}` }}
      />
      <Text size="sm" mb="sm">
        {t('merging.hint')}
      </Text>
      <Await query={query}>
        {(preview) => (
          <SideBySide
            module={module}
            preview={preview}
            kept={kept}
            onKeep={(id) => (setChoices({}), setKept(id))}
            choices={choices}
            onChoose={(field, id) => setChoices({ ...choices, [field]: id })}
          />
        )}
      </Await>
    </>
  )
}

interface SideProps {
  module: Module
  preview: MergePreview
  kept: string
  onKeep: (id: string) => void
  choices: Record<string, string>
  onChoose: (field: string, id: string) => void
}

function SideBySide({ module, preview, kept, onKeep, choices, onChoose }: SideProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const report = useReport(module)
  const { merge } = useMany(module.id)
  // On a phone the values of a field stand under its name: beside one another they would be out of sight.
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches)
  // What was chosen field by field is lost by leaving; the way out by the page's own buttons is meant.
  const choosing = useRef(false)
  choosing.current = Object.keys(choices).length > 0
  const unsaved = useCallback(() => choosing.current, [])
  const leave = (then: () => void) => {
    choosing.current = false
    then()
  }
  const { records } = preview
  const others = records.filter(({ id }) => id !== kept)
  // Only where they say something, and first where they disagree.
  const differs = (id: string) => new Set(records.map(({ values }) => JSON.stringify(values[id] ?? null))).size > 1
  const named = module.fields.filter(({ id }) => records.some(({ values }) => shown(values[id])))
  const fields = [...named.filter(({ id }) => differs(id)), ...named.filter(({ id }) => !differs(id))]
  const start = () =>
    merge.mutate(
      { kept, others: others.map(({ id }) => id), choices },
      {
        onSuccess: (job) => {
          leave(() => void navigate(`/records/${module.id}/${kept}`))
          report(job, t('merging.done'))
        },
      },
    )
  const moves = others.map(({ id }) => preview.moving[id]).filter((move) => move !== undefined)
  const sum = (of: (move: (typeof moves)[number]) => number) => moves.reduce((all, move) => all + of(move), 0)
  const moving = [
    ['related', sum((move) => Object.values(move.related).reduce((all, one) => all + one, 0))] as const,
    ['memberships', sum((move) => move.memberships)] as const,
    ['assignments', sum((move) => move.assignments)] as const,
  ].flatMap(([name, count]) => (count > 0 ? t(`merging.${name}`, { count, number: format.integer(count) }) : []))
  return (
    <Stack>
      {merge.error && <ProblemAlert error={merge.error} />}
      <Paper p={0}>
        <ScrollArea tabIndex={0} role="region" aria-label={t('merging.title')}>
          <Table verticalSpacing="xs" miw={narrow ? undefined : 180 + records.length * 190}>
            <Table.Thead>
              <Table.Tr style={narrow ? { display: 'grid' } : undefined}>
                <Table.Th scope="col">{t('merging.keep')}</Table.Th>
                {records.map((record) => (
                  <Table.Th key={record.id} scope="col">
                    <Radio
                      name="kept"
                      label={record.title || record.number}
                      description={record.number}
                      checked={record.id === kept}
                      onChange={() => onKeep(record.id)}
                    />
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map(({ id, label, readonly }) => (
                <Table.Tr key={id} style={narrow ? { display: 'grid' } : undefined}>
                  <Table.Th scope="row" fw={narrow ? 600 : 400} c={narrow ? undefined : 'dimmed'}>
                    {format.label(label)}
                  </Table.Th>
                  {(narrow && !differs(id) ? records.slice(0, 1) : records).map((record) => {
                    const value = shown(record.values[id]) && (
                      <FieldValue field={fieldOf(module, id)!} value={record.values[id]} title={record.titles?.[id]} />
                    )
                    const stays = preview.fields[id]?.from === record.id
                    const choosable = differs(id) && shown(record.values[id]) && !readonly
                    return (
                      <Table.Td key={record.id} bg={stays && differs(id) ? 'var(--mantine-color-teal-0)' : undefined}>
                        {choosable ? (
                          <Radio
                            name={id}
                            label={value}
                            aria-label={`${format.label(label)}: ${record.title}`}
                            checked={stays}
                            onChange={() => onChoose(id, record.id)}
                          />
                        ) : (
                          value
                        )}
                      </Table.Td>
                    )
                  })}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      </Paper>
      <Text size="sm">
        {moving.length > 0 && `${t('merging.moves', { what: moving.join(', ') })} `}
        {t('merging.history')}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => leave(() => void navigate(-1))}>
          {t('action.cancel')}
        </Button>
        <Button loading={merge.isPending} onClick={start}>
          {t('merging.start', { number: format.integer(records.length) })}
        </Button>
      </Group>
      <LeaveGuard unsaved={unsaved} />
    </Stack>
  )
}
