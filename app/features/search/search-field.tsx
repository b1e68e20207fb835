import SearchIcon from 'lucide-solid/icons/search'
import X from 'lucide-solid/icons/x'
import { type Component, createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { t } from '../../i18n/index.ts'
import css from './search.module.css'

/** Typing searches after a short rest. Milliseconds. */
const REST = 250

/** The field to search with. `/` goes to it from anywhere. */
export const SearchField: Component<{
  query: string
  onSearch: (query: string) => void
  autofocus?: boolean
}> = props => {
  const [text, setText] = createSignal('')
  let input!: HTMLInputElement
  let timer: ReturnType<typeof setTimeout> | undefined
  createEffect(() => {
    const query = props.query
    if (document.activeElement !== input) setText(query)
  })
  const search = (): void => {
    clearTimeout(timer)
    props.onSearch(text().trim())
  }
  onMount(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey) return
      if ((event.target as HTMLElement).closest('input, textarea, [role=dialog]')) return
      event.preventDefault()
      input.focus()
    }
    document.addEventListener('keydown', onKey)
    if (props.autofocus) input.focus()
    onCleanup(() => {
      clearTimeout(timer)
      document.removeEventListener('keydown', onKey)
    })
  })
  return (
    <form
      class={css.form}
      role="search"
      onSubmit={event => {
        event.preventDefault()
        search()
        input.blur()
      }}
    >
      <SearchIcon class={css.icon!} size={18} />
      <input
        ref={input}
        class={css.field}
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        spellcheck={false}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        value={text()}
        onInput={event => {
          setText(event.currentTarget.value)
          clearTimeout(timer)
          timer = setTimeout(search, REST)
        }}
      />
      <Show when={text() !== ''}>
        <button
          type="button"
          class={css.clear}
          aria-label={t('action.dismiss')}
          onClick={() => {
            setText('')
            search()
            input.focus()
          }}
        >
          <X size={16} />
        </button>
      </Show>
    </form>
  )
}
