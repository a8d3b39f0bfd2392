/** Files behind a passphrase: age v1 with one scrypt recipient, as the age tool and py/shoebox/archive/locked.py write and open them. */
import { Decrypter, Encrypter } from "age-encryption";

export type Bytes = Uint8Array<ArrayBuffer>;

/** scrypt's work: 2 to the power of this times 1 KiB of memory, and about two seconds here. What the age tool itself takes. */
const WORK = 18;
/** The stanza and the authentication code lie within these bytes; Python has looked at the work that they ask for. */
const HEAD = 4096;

const WRONG = "The passphrase does not open the file. Nothing was changed. Type it again: capital letters count. Without it nobody can open the file.";
const NEEDED = "The file is locked with a passphrase. Nothing was changed. Give the passphrase.";
const DAMAGED = "The file is damaged or cut off. Nothing was changed. Make the file anew on the device that it came from, and try again.";

/** The bytes of a stream behind a passphrase. */
export async function locked(pieces: ReadableStream<Bytes>, passphrase: string): Promise<ReadableStream<Bytes>> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(WORK);
  encrypter.setPassphrase(passphrase);
  return (await encrypter.encrypt(pieces)) as ReadableStream<Bytes>;
}

/** Opens a file as often as it is called; the passphrase is worked on once. */
export async function unlocker(file: Blob, passphrase: string): Promise<() => Promise<ReadableStream<Bytes>>> {
  if (!passphrase) throw new Error(NEEDED);
  const first = new Decrypter();
  first.addPassphrase(passphrase);
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const key = await first.decryptHeader(head).catch((error: unknown) => {
    throw new Error(String(error).includes("no identity matched") ? WRONG : DAMAGED);
  });
  return async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity({ unwrapFileKey: () => key });
    const opened = await decrypter.decrypt(file.stream()).catch(() => { throw new Error(DAMAGED); });
    return told(opened as ReadableStream<Bytes>);
  };
}

/** The same stream, whose failures are sentences. */
function told(stream: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const reader = stream.getReader();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => { throw new Error(DAMAGED); });
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
