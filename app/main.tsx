import { Route, Router } from '@solidjs/router'
import { render } from 'solid-js/web'
import { startSession } from './data/session.ts'
import { applyTheme } from './data/theme.ts'
import { Gate } from './routes/gate.tsx'
import './styles/tokens.css'
import './styles/base.css'

applyTheme()
void startSession()
render(
  () => (
    <Router>
      <Route path="/*" component={Gate} />
    </Router>
  ),
  document.getElementById('app')!,
)
