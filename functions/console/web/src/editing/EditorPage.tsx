import { Button, SimpleGrid, Stack } from '@mantine/core'
import { useCallback, useRef, useState, type FormEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import type { Definition, FieldError, Values } from '../api/types'
import { useDefinition, useSaveDefinition } from '../api/queries'
import { titleOfDefinition, type Noun } from '../definitions/nouns'
import { useFormat } from '../format'
import { useMayWrite, useMeta } from '../meta'
import { NotFound } from '../shell/NotFound'
import { tell } from '../ui/confirm'
import { Await } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { SaveBar } from '../ui/SaveBar'
import { EDITORS } from './editors'
import { Errors, ErrorSummary, errorsOf, isUnder } from './errors'
import { forgetDraft, keptDraft, KeptNotice, useKeep } from './kept'
import { LeaveGuard } from './LeaveGuard'

export function CreateDefinition({ noun }: { noun: Noun }) {
  const Create = EDITORS[noun.path]?.Create
  if (!useMayWrite()) return <NotFound />
  return Create ? <Create /> : <Editor key={noun.path} noun={noun} />
}

export function EditDefinition({ noun }: { noun: Noun }) {
  const { id } = useParams()
  const query = useDefinition<Definition>(noun.path, id)
  if (!useMayWrite() || query.data?.readonly === true) return <NotFound />
  return <Await<Definition> query={query}>{(found) => <Editor key={found.id} noun={noun} found={found} />}</Await>
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

function Editor({ noun, found }: { noun: Noun; found?: Definition }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const format = useFormat()
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const done = useRef(false)
  const { blank, Fields, Result } = EDITORS[noun.path]!
  // What was there when the page was opened: a change by somebody else meanwhile is refused, not overwritten.
  const [base, setBase] = useState(found)
  // A copy, or one that is begun from another page, comes with what is known of it.
  const { state } = useLocation() as { state: { draft?: Values } | null }
  const [start] = useState(() => ({ ...blank(meta, format), ...(found ? null : state?.draft) }))
  const written = (definition: Definition): Values =>
    Object.fromEntries(Object.keys(start).map((key) => [key, definition[key] ?? null]))
  const key = `${noun.path}/${found?.id ?? 'new'}`
  // Only what was changed is kept: of what somebody else has changed meanwhile the rest is theirs.
  const [kept, setKept] = useState(() => keptDraft<Values>(key))
  const [draft, setDraft] = useState<Values>(() => ({ ...(found ? written(found) : start), ...kept }))
  const [errors, setErrors] = useState<FieldError[]>([])
  const save = useSaveDefinition<Definition>(noun.path, base?.id, Number(base?.version) || undefined)
  const before = base ? written(base) : start
  const changed = Object.fromEntries(Object.entries(draft).filter(([key, value]) => !same(value, before[key])))
  const dirty = useRef(false)
  dirty.current = Object.keys(changed).length > 0
  const unsaved = useCallback(() => dirty.current && !done.current, [])
  useKeep(key, unsaved() ? changed : null)
  const home = base ? `/${noun.path}/${base.id}` : `/${noun.path}`

  const change = (part: Values) => {
    setDraft((old) => ({ ...old, ...part }))
    setErrors((old) => old.filter(({ path }) => !Object.keys(part).some((key) => isUnder(path, key))))
  }

  const discard = () => {
    setKept(null)
    setDraft(before)
  }

  const saved = (definition: Definition) => {
    tell(t('record.saved'))
    setKept(null)
    forgetDraft(key)
    setErrors([])
    if (Result) {
      setBase(definition)
      setDraft(written(definition))
    } else {
      done.current = true
    }
    if (!Result) void navigate(`/${noun.path}/${definition.id}`)
    else if (!base) {
      done.current = true
      void navigate(`/${noun.path}/${definition.id}/edit`, { replace: true })
    }
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(base ? changed : draft, {
      onSuccess: saved,
      onError: (problem) => {
        // At once: the next frame may come before the errors stand at their fields.
        flushSync(() => setErrors(errorsOf(problem)))
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      },
    })
  }

  const editing = (
    <form ref={form} onSubmit={submit} noValidate>
      <Errors value={errors}>
        <Stack>
          {kept && <KeptNotice onDiscard={discard} />}
          <Fields draft={draft} change={change} definition={base} />
          <ErrorSummary problem={save.error} errors={errors} />
          <SaveBar>
            <Button variant="default" onClick={() => void navigate(home)}>
              {t(Result && base ? 'action.close' : 'action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('action.save')}
            </Button>
          </SaveBar>
        </Stack>
      </Errors>
    </form>
  )

  return (
    <>
      <PageHeader
        title={base ? titleOfDefinition(noun, base) : t(`editor.new.${noun.path}`)}
        above={{ label: t(`nav.${noun.path}`), to: `/${noun.path}` }}
      />
      {Result && base ? (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          {editing}
          <Result definition={base} />
        </SimpleGrid>
      ) : (
        editing
      )}
      <LeaveGuard unsaved={unsaved} onLeave={() => forgetDraft(key)} />
    </>
  )
}
