package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.NumberGuess;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Options have a wither for each of them, which changes that one alone. */
class OptionsTest {
    private static final Map<String, Object> OTHERS = Map.of(
            "pageSizeBytes",
            8192,
            "synchronous",
            VaultOptions.Synchronous.FULL,
            "busyTimeout",
            Duration.ofMillis(7),
            "mmapSizeBytes",
            1L << 20,
            "cacheSizeBytes",
            3L << 20,
            "numberGuess",
            NumberGuess.ORIGINAL,
            "segmentThresholdBytes",
            12L,
            "guardNewFiles",
            true,
            "maxBytes",
            9L,
            "interval",
            Duration.ofMillis(3));

    private static void eachIsChangedAlone(Object defaults) throws Exception {
        Class<?> type = defaults.getClass();
        List<Method> getters = Stream.of(type.getMethods())
                .filter(method -> method.getDeclaringClass() == type
                        && method.getParameterCount() == 0
                        && OTHERS.containsKey(method.getName()))
                .toList();
        List<Method> withers = Stream.of(type.getMethods())
                .filter(method -> method.getName().startsWith("with") && !method.isAnnotationPresent(Deprecated.class))
                .toList();
        assertThat(withers).hasSameSizeAs(getters);
        for (Method getter : getters) {
            String name = getter.getName();
            Method wither = withers.stream()
                    .filter(method -> method.getName().equalsIgnoreCase("with" + name))
                    .findFirst()
                    .orElseThrow();
            Object changed = wither.invoke(defaults, OTHERS.get(name));
            for (Method other : getters) {
                assertThat(other.invoke(changed))
                        .as(other.getName())
                        .isEqualTo(other.equals(getter) ? OTHERS.get(name) : other.invoke(defaults));
            }
            assertThat(changed)
                    .isNotEqualTo(defaults)
                    .isEqualTo(wither.invoke(defaults, OTHERS.get(name)))
                    .hasSameHashCodeAs(wither.invoke(defaults, OTHERS.get(name)));
            assertThat(changed.toString()).contains(name + "=" + OTHERS.get(name));
        }
    }

    @Test
    void aWitherChangesOneOption() throws Exception {
        eachIsChangedAlone(VaultOptions.defaults());
        eachIsChangedAlone(BatchOptions.defaults());
    }

    /** What was written against an earlier state still compiles for a while. */
    @Test
    @SuppressWarnings("removal")
    void theOldWaysAreTheNewOnes() {
        VaultOptions options = VaultOptions.defaults()
                .withPageSizeBytes(8192)
                .withBusyTimeout(Duration.ofMillis(7))
                .withCacheSizeBytes(3L << 20);
        assertThat(new VaultOptions(8192, options.synchronous(), 7, 0, 3 << 10, NumberGuess.BETTER, 16L << 20, false))
                .isEqualTo(options)
                .isEqualTo(options.withBusyTimeoutMillis(7));
        assertThat(options.busyTimeoutMillis()).isEqualTo(7);
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        VaultOptions defaults = VaultOptions.defaults();
        assertThatThrownBy(() -> defaults.withPageSizeBytes(5000)).hasMessageContaining("5000");
        assertThatThrownBy(() -> defaults.withBusyTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("busyTimeout");
        assertThatThrownBy(() -> defaults.withBusyTimeout(Duration.ofDays(30)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> defaults.withCacheSizeBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> defaults.withMmapSizeBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> defaults.withSegmentThresholdBytes(1L << 30))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchOptions.defaults().withMaxBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchOptions.defaults().withInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
