/** Whose work decodes the formats that browsers do not, under which licence, and where its text lies. */

const CODECS = [
  {
    name: "libheif, with libde265", what: "HEIC photos", licence: "LGPL 3.0", text: "codecs/libheif.LICENSE.txt",
    files: "codecs/libheif.js and codecs/libheif.wasm", source: "github.com/strukturag/libheif", packed: "libheif-js",
  },
  {
    name: "OpenJPEG", what: "JPEG 2000 photos", licence: "BSD, 2 clauses", text: "codecs/openjpeg.LICENSE.txt",
    files: "codecs/openjpeg.js and codecs/openjpeg.wasm", source: "github.com/uclouvain/openjpeg", packed: "@cornerstonejs/codec-openjpeg",
  },
];

export function Licences() {
  return (
    <>
      <p>
        Shoebox is free software under the MIT licence. Some formats are opened by the work of others, fetched from the same place as the
        rest of Shoebox when the first such photo comes:
      </p>
      <ul class="licences">
        {CODECS.map(({ name, what, licence, text, files, source, packed }) => (
          <li key={name}>
            <strong>{name}</strong> ({what}), <a href={text}>{licence}</a>.{" "}
            <span class="fact-more">Unchanged from the npm package {packed}, in files of its own ({files}) that you may replace. Source: {source}.</span>
          </li>
        ))}
      </ul>
    </>
  );
}
