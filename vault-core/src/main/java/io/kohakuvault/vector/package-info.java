/**
 * k-nearest-neighbour search over sqlite-vec's tables, in plain Java.
 *
 * <pre>{@code
 * VectorKVault vectors = vault.vectors("docs_vectors", VectorOptions.cosine(384));
 * long id = vectors.insert(vector, "document 1");
 * for (VectorHit hit : vectors.search(vector, 10)) System.out.println(hit.distance() + " " + hit.value().orElse(null));
 * StoredVector stored = vectors.get(id);
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.vector;

import org.jspecify.annotations.NullMarked;
