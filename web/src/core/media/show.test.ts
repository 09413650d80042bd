import { describe, expect, it, vi } from 'vitest';
import { show } from './show';

const stream = {} as MediaStream;
const refusing = (name: string) => ({ srcObject: null, play: vi.fn(() => Promise.reject(new DOMException('', name))) });

describe('show', () => {
  it('tells that the browser wants a click before it plays sound, once for a stream', async () => {
    const player = refusing('NotAllowedError');
    const onBlocked = vi.fn();
    await show(player, stream, onBlocked);
    await show(player, stream, onBlocked);
    expect(player.srcObject).toBe(stream);
    expect(onBlocked).toHaveBeenCalledOnce();
  });

  it('takes a stream that was exchanged meanwhile for no refusal, and nothing for nothing to play', async () => {
    const player = refusing('AbortError');
    const onBlocked = vi.fn();
    await show(player, stream, onBlocked);
    await show(player, null, onBlocked);
    expect(onBlocked).not.toHaveBeenCalled();
    expect(player.play).toHaveBeenCalledOnce();
  });
});
