import { Anchor, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Definition } from '../api/types'
import { useDefinitions } from '../api/queries'
import { shown, useMayWrite } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { moduleOfDefinition, titleOfDefinition, type Noun } from './nouns'
import { PropertyValue } from './Properties'

export function DefinitionList({ noun }: { noun: Noun }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useDefinitions(noun.path)
  const path = (definition: Definition) => `/${noun.path}/${definition.id}`
  const columns: Column<Definition>[] = noun.columns.map((name, index) => ({
    id: name,
    title: t(`property.${name}`),
    render: (definition) =>
      index === 0 ? (
        <Anchor component={Link} to={path(definition)} size="sm" fw={600} onClick={(event) => event.stopPropagation()}>
          {titleOfDefinition(noun, definition)}
        </Anchor>
      ) : (
        <PropertyValue name={name} value={definition[name]} compact module={moduleOfDefinition(definition)} />
      ),
  }))
  const mayWrite = useMayWrite()
  const create = (variant?: string) =>
    mayWrite && (
      <Button variant={variant} component={Link} to={`/${noun.path}/new`} leftSection={<IconPlus size={16} />}>
        {t([`editor.create.${noun.path}`, 'action.create'])}
      </Button>
    )
  return (
    <>
      <PageHeader title={t(`nav.${noun.path}`)}>{create()}</PageHeader>
      <Await query={query} lines={8}>
        {({ items }) => (
          <ResponsiveTable
            label={t(`nav.${noun.path}`)}
            rows={items}
            columns={columns.filter(({ id }) => items.some((item) => shown(item[id])))}
            rowId={({ id }) => id}
            onOpen={(definition) => void navigate(path(definition))}
            empty={
              <EmptyState title={t(`empty.${noun.path}.title`)} hint={t(`empty.${noun.path}.hint`)}>
                {create('light')}
              </EmptyState>
            }
          />
        )}
      </Await>
    </>
  )
}
