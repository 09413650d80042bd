import '@mantine/core/styles.css';
import './ui/fonts.css';
import './ui/tokens.css';
import './ui/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { announceNonce } from './ui/nonce';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
announceNonce();
// No StrictMode: its second mount would open a second socket for the same seat.
createRoot(root).render(<App />);
