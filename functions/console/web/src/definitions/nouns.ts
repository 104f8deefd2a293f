import type { ComponentType } from 'react'
import type { Definition } from '../api/types'
import { AssignButtons } from '../assignments/AssignButtons'
import { DownloadButton } from '../documents/DownloadButton'
import { DocumentTemplateView, DocumentView } from '../documents/WhereUsed'
import { FilterCommands, FilterView } from '../filters/FilterView'
import { FormPanel } from './FormPanel'
import { PlanPanel } from './PlanPanel'
import { TemplatePanel } from './TemplatePanel'
import { WorkflowPanel } from './WorkflowPanel'

export interface Noun {
  /** The path of the API and of the page. */
  path: string
  /** The key that names one of them. */
  title: 'name' | 'reference'
  columns: string[]
  /** Drawn by the panel, so not listed among the other values. */
  drawn: string[]
  Panel?: ComponentType<{ definition: Definition }>
  /** What one does with it beside editing. */
  Actions?: ComponentType<{ noun: string; definition: Definition }>
}

export const NOUNS: Noun[] = [
  {
    path: 'filters',
    title: 'name',
    columns: ['name', 'module'],
    drawn: ['condition', 'label', 'readonly'],
    Panel: FilterView,
    Actions: FilterCommands,
  },
  {
    path: 'workflows',
    title: 'name',
    columns: ['name', 'module', 'trigger', 'active', 'last_run_at', 'last_run_ms'],
    drawn: ['trigger', 'condition', 'tasks'],
    Panel: WorkflowPanel,
  },
  {
    path: 'forms',
    title: 'name',
    columns: ['name', 'module', 'allowed_domains', 'owner', 'return_url'],
    drawn: ['fields', 'warnings', 'public_id'],
    Panel: FormPanel,
  },
  {
    path: 'templates',
    title: 'name',
    columns: ['name', 'subject', 'class', 'updated_at'],
    drawn: ['mjml', 'html', 'text', 'links', 'fields', 'warnings', 'documents', 'document_templates'],
    Panel: TemplatePanel,
  },
  {
    path: 'documents',
    title: 'name',
    columns: ['name', 'number', 'file', 'size', 'created_at', 'owner'],
    drawn: ['type'],
    Panel: DocumentView,
    Actions: DownloadButton,
  },
  {
    path: 'document-templates',
    title: 'name',
    columns: ['name', 'module', 'file', 'language', 'updated_at'],
    drawn: ['parts', 'fields', 'warnings'],
    Panel: DocumentTemplateView,
  },
  { path: 'actions', title: 'name', columns: ['name', 'kind', 'class', 'updated_at'], drawn: [] },
  {
    path: 'scheduled-actions',
    title: 'reference',
    columns: ['reference', 'action_id', 'when', 'sender', 'status'],
    drawn: [],
    Actions: AssignButtons,
  },
  {
    path: 'plans',
    title: 'name',
    columns: ['name', 'scheduled_actions', 'status'],
    drawn: ['scheduled_actions'],
    Panel: PlanPanel,
    Actions: AssignButtons,
  },
]

export const titleOfDefinition = (noun: Noun, definition: Definition): string => String(definition[noun.title] ?? definition.id)

export const moduleOfDefinition = (definition: Definition): string | undefined =>
  typeof definition.module === 'string' ? definition.module : undefined
