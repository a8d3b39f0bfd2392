/** The bridge from Python to the inference worker. */
import * as Comlink from "comlink";
import type { InferenceService, Network, Tensor } from "../../messages";

/** `run(network, feeds)` as py/shoebox/worker.py wants it: the feeds' buffers are given away. */
export function networkRunner(port: MessagePort): (network: string, feeds: Tensor[]) => Promise<Tensor[]> {
  const inference = Comlink.wrap<Pick<InferenceService, "run">>(port);
  return (network, feeds) => {
    const plain = feeds.map(({ name, type, dims, data }) => ({ name, type, dims, data }));
    return inference.run(network as Network, Comlink.transfer(plain, plain.map(({ data }) => data.buffer)));
  };
}
