import { Box, Button, Paper, Select, SimpleGrid, Stack, TagsInput } from '@mantine/core'
import { useCallback, useRef, useState, type FormEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { Problem } from '../api/client'
import type { Entity, Field, Json, Module, Values } from '../api/types'
import { useRecord, useSaveRecord, type Draft } from '../api/queries'
import { forgetDraft, keptDraft, KeptNotice, useKeep } from '../editing/kept'
import { LeaveGuard } from '../editing/LeaveGuard'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { fieldOf, shown, titleOf, useMeta, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { useMembership } from '../segments/membership'
import { tell, warn } from '../ui/confirm'
import { Await, ProblemAlert, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { SaveBar } from '../ui/SaveBar'
import { recordPath } from './columns'
import { SectionTitle } from './SectionTitle'

export function CreatePage() {
  const module = useModule(useParams().module)
  return module?.capabilities.create ? <RecordForm key={module.id} module={module} /> : <NotFound />
}

export function EditPage() {
  const { module: moduleId = '', id } = useParams()
  const module = useModule(moduleId)
  const query = useRecord(moduleId, id)
  if (!module?.capabilities.edit) return <NotFound />
  return <Await query={query}>{(record) => <RecordForm module={module} record={record} />}</Await>
}

const WHOLE_LINE = { gridColumn: '1 / -1' }

/** The API names a field as "values.email"; the rest of the path (an element of a list, say) is inside that field. */
function errorsByField(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  const field = (path: string) => path.replace(/^values\./, '').replace(/[.[].*$/, '')
  return Object.fromEntries(error.errors.map(({ path, message }) => [field(path), message]))
}

/** Only what was changed is written, so that two people can edit different fields of one record. */
function changes(values: Values, before: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([id, value]) => JSON.stringify(value) !== JSON.stringify(before[id] ?? null)),
  )
}

/** Begun from the page of another record: the field that the address names points to it. */
const pointing = (module: Module, address: URLSearchParams): Values =>
  Object.fromEntries(module.fields.filter(({ id, relation }) => relation && address.get(id)).map(({ id }) => [id, address.get(id)]))

function RecordForm({ module, record }: { module: Module; record?: Entity }) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const save = useSaveRecord(module.id, record)
  const stored = { owner: record ? (record.owner ?? null) : meta.user.id, tags: record?.tags ?? [] }
  const key = `records/${module.id}/${record?.id ?? 'new'}`
  const [kept, setKept] = useState(() => keptDraft<Draft>(key))
  const address = useSearchParams()[0]
  const [values, setValues] = useState<Values>(kept?.values ?? (record ? {} : pointing(module, address)))
  const [owner, setOwner] = useState(kept?.owner ?? stored.owner)
  const [tags, setTags] = useState(kept?.tags ?? stored.tags)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const fields = module.sections.flatMap((section) => section.fields)
  const named = Object.keys(errorsByField(save.error))
  const placed = named.length > 0 && named.every((id) => fields.includes(id) || id === 'owner' || id === 'tags')
  const current = (id: string): Json | undefined => (id in values ? values[id] : record?.values[id])
  // Made from the page of a segment: it is put in when it is saved, and the way back leads there.
  const segment = address.get('segment')
  const membership = useMembership(segment ?? '')
  const problemText = useProblemText()
  const back = segment
    ? `/segments/${segment}?tab=${module.id}`
    : record
      ? recordPath(module.id, record.id)
      : `/records/${module.id}`

  const done = useRef(false)
  const dirty = useRef(false)
  const written = { values: changes(values, record?.values ?? {}), owner, tags }
  dirty.current = JSON.stringify(written) !== JSON.stringify({ values: {}, ...stored })
  const unsaved = useCallback(() => dirty.current && !done.current, [])
  useKeep(key, unsaved() ? written : null)

  const discard = () => {
    setKept(null)
    setValues({})
    setOwner(stored.owner)
    setTags(stored.tags)
  }

  /** At once: the next frame may come before the errors stand at their fields. */
  const refuse = (broken: Record<string, string>) => {
    flushSync(() => setErrors(broken))
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const blank = module.fields.filter(({ id, required, readonly }) => required && !readonly && !shown(current(id)))
    if (blank.length > 0) return refuse(Object.fromEntries(blank.map(({ id }) => [id, t('field.required')])))
    setErrors({})
    const draft: Draft = { values: written.values }
    if (!record || owner !== stored.owner) draft.owner = owner
    if (!record || JSON.stringify(tags) !== JSON.stringify(stored.tags)) draft.tags = tags
    save.mutate(draft, {
      onSuccess: (saved) => {
        done.current = true
        forgetDraft(key)
        tell(t('record.saved'))
        if (!segment) return void navigate(recordPath(module.id, saved.id))
        membership.mutate(
          { module: module.id, ids: [saved.id], member: true },
          {
            onSuccess: () => void navigate(back),
            onError: (error) => {
              // It is saved: a second click must not make it twice.
              warn(problemText(error))
              void navigate(recordPath(module.id, saved.id))
            },
          },
        )
      },
      onError: (error) => refuse(errorsByField(error)),
    })
  }

  return (
    <>
      <PageHeader
        title={record ? titleOf(module, record) : t('record.new', { one: format.label(module.label_one).toLocaleLowerCase() })}
        number={record?.number}
        above={{ label: format.label(module.label), to: `/records/${module.id}` }}
      />
      <form ref={form} onSubmit={submit} noValidate>
        <Stack>
          {kept && <KeptNotice onDiscard={discard} />}
          {save.error && !placed && <ProblemAlert error={save.error} />}
          {module.sections.map((section) => (
            <Paper key={section.id}>
              <SectionTitle module={module} section={section} />
              <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
                {section.fields
                  .map((id) => fieldOf(module, id))
                  .filter((field): field is Field => field !== undefined && !field.readonly)
                  .map((field) => (
                    <Box key={field.id} style={field.type === 'longtext' ? WHOLE_LINE : undefined}>
                      <FieldInput
                        field={field}
                        value={current(field.id)}
                        error={errors[field.id]}
                        onChange={(value) => {
                          setValues((old) => ({ ...old, [field.id]: value }))
                          setErrors(({ [field.id]: _, ...others }) => others)
                        }}
                      />
                    </Box>
                  ))}
              </SimpleGrid>
            </Paper>
          ))}
          <Paper>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Select
                label={t('record.owner')}
                name="owner"
                data={[...meta.users, ...meta.groups].map(({ id, name }) => ({ value: id, label: name }))}
                value={owner}
                onChange={setOwner}
                error={errors.owner}
                searchable
                allowDeselect={false}
              />
              <TagsInput label={t('record.tags')} name="tags" value={tags} onChange={setTags} error={errors.tags} />
            </SimpleGrid>
          </Paper>
          <SaveBar>
            <Button variant="default" onClick={() => void navigate(back)}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending || membership.isPending}>
              {t('action.save')}
            </Button>
          </SaveBar>
        </Stack>
      </form>
      <LeaveGuard unsaved={unsaved} onLeave={() => forgetDraft(key)} />
    </>
  )
}
