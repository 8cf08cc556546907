/**
 * Full-text search over documents (FTS5, BM25).
 *
 * <pre>{@code
 * TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("title", "body"));
 * long id = docs.insert(List.of("Vaults", "One file that holds everything"), Map.of("page", 1L));
 * for (TextHit hit : docs.search(TextQuery.all("one file").withSnippets(8), 10)) {
 *     System.out.println(hit.score() + " " + hit.snippet().orElse("") + " " + hit.value().orElse(null));
 * }
 * for (TextDocument document : docs.scan()) System.out.println(document.id() + " " + document.texts());
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.text;

import org.jspecify.annotations.NullMarked;
