package io.kohakuvault;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.offset.HeldClaim;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls any public method of an interface with arguments made for their types, so that a test need not know what
 * methods there are. What callers hand in (fillers, codecs, functions, tasks) calls something else in turn. One thread
 * uses it at a time.
 */
final class EveryCall {
    private static final String[] NAMES = {"kv", "docs", "vecs", "longs", "strs", "t", "t.a", "a", "b", "made"};
    private static final int MOST_NESTED = 3;
    private static final int MOST_ELEMENTS = 5;

    private final Random random;
    private final Path folder;
    private final Set<String> skipped;
    private final Map<Class<?>, Supplier<?>> targets = new LinkedHashMap<>();
    private final List<Choice> ahead = new ArrayList<>();
    private final List<Choice> missed = new ArrayList<>();
    private final Set<String> called = new TreeSet<>();
    private int depth;

    private record Choice(Class<?> type, Method method) {}

    /** @param skipped names of methods that are not called */
    EveryCall(long seed, Path folder, Set<String> skipped) {
        this.random = new Random(seed);
        this.folder = folder;
        this.skipped = skipped;
    }

    /** Adds something to call. */
    <T> void on(Class<T> type, Supplier<? extends T> target) {
        targets.put(type, target);
    }

    /** The methods that can be called, as type and name. */
    Set<String> all() {
        Set<String> all = new TreeSet<>();
        targets.keySet().forEach(type -> methods(type).forEach(method -> all.add(key(type, method))));
        return all;
    }

    /** Those that have been called. */
    Set<String> called() {
        return called;
    }

    private static String key(Class<?> type, Method method) {
        return type.getSimpleName() + "." + method.getName();
    }

    private List<Method> methods(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class
                    && !method.isBridge()
                    && !skipped.contains(method.getName())
                    && !skipped.contains(key(type, method))) {
                methods.add(method);
            }
        }
        methods.sort(Comparator.comparing(Method::toGenericString)); // the JVM has no order of its own
        return methods;
    }

    /** Calls something; what it throws of its own accord does not matter. */
    void one() {
        Choice choice = next();
        Class<?> type = choice.type;
        Method method = choice.method;
        depth++;
        try {
            Object target;
            try {
                target = targets.get(type).get();
            } catch (RuntimeException e) {
                missed.add(choice);
                return;
            }
            called.add(key(type, method));
            use(method.invoke(target, arguments(method)));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
        } catch (RuntimeException e) {
            // It is gone meanwhile, or is none here.
        } catch (Exception e) {
            throw new AssertionError(method.toString(), e);
        } finally {
            depth--;
        }
    }

    /** Takes a call that was made with a null argument, and what came of it: null where nothing was thrown. */
    interface Outcome {
        void of(String call, @Nullable Throwable thrown);
    }

    /** Calls every method with each argument null in turn that may not be. */
    void withNulls(Outcome outcome) throws IllegalAccessException {
        depth = MOST_NESTED;
        for (Class<?> type : targets.keySet()) {
            for (Method method : methods(type)) {
                for (int i = 0; i < method.getParameterCount(); i++) {
                    if (method.getParameterTypes()[i].isPrimitive()
                            || method.getGenericParameterTypes()[i] instanceof TypeVariable<?> // may stand for one
                            || method.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class)) {
                        continue;
                    }
                    Object[] arguments = arguments(method);
                    arguments[i] = null;
                    Throwable thrown = null;
                    try {
                        method.invoke(targets.get(type).get(), arguments);
                    } catch (InvocationTargetException e) {
                        thrown = e.getCause();
                    }
                    outcome.of(method.toGenericString() + ", argument " + (i + 1), thrown);
                }
            }
        }
    }

    /** Every method comes once before any comes again, but for those that there was nothing to be called on for. */
    private Choice next() {
        if (!missed.isEmpty() && random.nextInt(2) == 0) {
            return missed.remove(random.nextInt(missed.size()));
        }
        if (ahead.isEmpty()) {
            targets.keySet().forEach(type -> methods(type).forEach(method -> ahead.add(new Choice(type, method))));
            Collections.shuffle(ahead, random);
        }
        return ahead.remove(ahead.size() - 1);
    }

    private Object[] arguments(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i]);
        }
        return arguments;
    }

    private void use(Object result) throws Exception {
        if (result instanceof AutoCloseable open) {
            open.close();
        } else if (result instanceof Iterable<?> items) {
            Iterator<?> iterator = items.iterator();
            for (int i = 0; i < MOST_ELEMENTS && iterator.hasNext(); i++) {
                iterator.next();
            }
        } else if (result instanceof Map<?, ?> map) {
            int unused = map.size();
            map.forEach((key, value) -> {});
        }
    }

    private Object argument(Class<?> type) {
        if (type == String.class) {
            return NAMES[random.nextInt(NAMES.length)];
        } else if (type == byte[].class) {
            return new byte[] {(byte) random.nextInt(4)};
        } else if (type == long.class || type == Long.class) {
            return (long) random.nextInt(4);
        } else if (type == int.class) {
            return random.nextInt(1, 4);
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == double.class) {
            return random.nextDouble();
        } else if (type == float[].class) {
            return new float[] {1, random.nextFloat()};
        } else if (type == Object.class) {
            return random.nextBoolean() ? (Object) "x" : (Object) (long) random.nextInt(4);
        } else if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Array.set(array, 0, argument(type.getComponentType()));
            return array;
        } else if (type == Path.class) {
            return folder.resolve("copy" + random.nextLong());
        } else if (type == InputStream.class) {
            return new ByteArrayInputStream(new byte[random.nextInt(20)]);
        } else if (type == Codec.class) {
            return Codec.of(
                    object -> {
                        nested();
                        return object;
                    },
                    value -> {
                        nested();
                        return value == null ? "null" : value;
                    });
        } else if (type.isInterface() && !Collection.class.isAssignableFrom(type) && isFunction(type)) {
            return function(type);
        }
        return option(type);
    }

    private Object option(Class<?> type) {
        Object[] options = {
            KvRange.all(),
            TextQuery.any("x made"),
            TextOptions.defaults(),
            VectorOptions.l2(2),
            BatchOptions.defaults(),
            DType.I64,
            DType.F64,
            DType.BOOL,
            DType.STR,
            DType.BYTES,
            DType.MSGPACK,
            DType.parse("vec:f32:2"),
            Schema.builder().nullable("a", DType.I64).nullable("b", DType.STR).build(),
            SchemaColumn.of("made", DType.I64, true),
            new HeldClaim("source", "topic", 0, random.nextInt(3), 1, Optional.empty()),
            Filter.where("a", (long) random.nextInt(3), 3L),
            Content.Kind.values()[random.nextInt(Content.Kind.values().length)]
        };
        for (Object option : options) {
            if (type.isInstance(option) && !type.isAssignableFrom(Object.class)) {
                return option;
            }
        }
        if (type == Map.class) {
            return Map.of("a", new byte[1]);
        } else if (type == Iterable.class) {
            return List.of(new KvEntry(new byte[] {1}, new byte[1]));
        } else if (type == Collection.class || type == List.class) {
            return List.of("made");
        }
        return null;
    }

    private static boolean isFunction(Class<?> type) {
        return type != Iterable.class
                && type != Map.class
                && List.of(type.getMethods()).stream()
                                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                                .count()
                        == 1;
    }

    /** A function of the caller's that uses the vault. */
    private Object function(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class || method.isDefault()) {
                return null;
            }
            nested();
            Class<?> answer = method.getReturnType();
            return answer == boolean.class
                    ? (Object) true
                    : answer == long.class ? (Object) 1L : answer == Optional.class ? Optional.empty() : null;
        });
    }

    /** Something else, from within a call. */
    private void nested() {
        if (depth < MOST_NESTED) {
            one();
        }
    }
}
