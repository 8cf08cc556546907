package io.kohakuvault.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keys are compared by: two that mean the same are equal, and one that names nothing equals only itself. */
final class Identity {
    private Identity() {}

    static Object of(@Nullable Object key) {
        if (key instanceof Optional<?> optional) {
            return of(optional.orElse(null));
        }
        return key == null || key.equals("") ? new Object() : content(key);
    }

    private static Object content(Object key) {
        if (key.getClass().isArray()) {
            return new Content(key);
        }
        if (key instanceof Optional<?> optional) {
            return optional.map(Identity::content);
        }
        if (key instanceof List<?> list) {
            List<@Nullable Object> contents = new ArrayList<>(list.size());
            list.forEach(element -> contents.add(element == null ? null : content(element)));
            return contents;
        }
        if (key instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> contents = new LinkedHashMap<>();
            map.forEach(
                    (k, value) -> contents.put(k == null ? null : content(k), value == null ? null : content(value)));
            return contents;
        }
        return key;
    }

    /** An array that equals others of the same content. */
    private static final class Content {
        private final Object[] array; // of one element, for Arrays.deepEquals takes any kind of array inside

        Content(Object array) {
            this.array = new Object[] {array};
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content c && Arrays.deepEquals(array, c.array);
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(array);
        }
    }
}
