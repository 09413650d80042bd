import { describe, expect, it } from 'vitest';
import { browserName } from './browserName';

const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('browserName', () => {
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${KHTML} HeadlessChrome/153.0.8010.0 Safari/537.36`, 'Chrome 153, Linux'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0`, 'Edge 150, Windows'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${KHTML} Chrome/151.0.0.0 Mobile Safari/537.36`, 'Chrome 151, Android'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140, macOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari 18, iPhone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'Safari 18, macOS'],
    ['python-aiohttp/3.12 (reports)', 'python-aiohttp/3.12'],
    ['  ', null],
  ])('%s', (agent, name) => expect(browserName(agent)).toBe(name));
});
