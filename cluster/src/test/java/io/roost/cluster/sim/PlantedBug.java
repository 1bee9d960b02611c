package io.roost.cluster.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;

/**
 * A mistake that somebody could make in a protocol, as a change of a source file. The file is compiled with it, in memory,
 * and a world runs with the result; so the real code has no trace of it, and a bug whose place has changed is noticed.
 *
 * @param name what is wrong
 * @param file below {@code io/roost/cluster}, as {@code paxos/Election.java}
 * @param changes of the file
 * @param scenario that finds it, where seeds rarely bring about what it takes; or none
 */
public record PlantedBug(String name, String file, List<Change> changes, Optional<Scenario> scenario) {
    private static final Path SOURCES = Path.of("src/main/java/io/roost/cluster");
    private static final String ROOT = "io.roost.cluster.";

    /**
     * A change.
     *
     * @param right text that is there once
     * @param wrong what is planted instead
     */
    public record Change(String right, String wrong) {}

    /**
     * A test.
     *
     * @param test its class below {@code io.roost.cluster}, as {@code pg.ReplicaTest}; the constructor has no parameters
     */
    public record Scenario(String test, String method) {
        @Override
        public String toString() {
            return test.substring(test.lastIndexOf('.') + 1) + "." + method;
        }
    }

    /** A bug of one change. */
    public PlantedBug(String name, String file, String right, String wrong) {
        this(name, file, List.of(new Change(right, wrong)), Optional.empty());
    }

    /** This with a further change, where two checks say the same. */
    public PlantedBug and(String right, String wrong) {
        List<Change> more = new ArrayList<>(changes);
        more.add(new Change(right, wrong));
        return new PlantedBug(name, file, more, scenario);
    }

    /** This, found by a {@link Scenario}. */
    public PlantedBug in(String test, String method) {
        return new PlantedBug(name, file, changes, Optional.of(new Scenario(test, method)));
    }

    /**
     * A test of seeds of a world: true when one that passes does not with this bug.
     *
     * @param world has a public constructor without parameters
     */
    public LongPredicate finds(Class<? extends World> world) {
        try {
            ClassLoader loader = new MutantLoader(compile());
            LongPredicate passes = (LongPredicate) loader.loadClass(Seeds.class.getName())
                    .getMethod("test", String.class)
                    .invoke(null, world.getName());
            LongPredicate sound = Seeds.test(world.getName());
            return seed -> !passes.test(seed) && sound.test(seed);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** True when its scenario does not pass with it. */
    public boolean isFoundByScenario() {
        Scenario found = scenario.orElseThrow();
        try {
            Class<?> test = new MutantLoader(compile()).loadClass(ROOT + found.test());
            Constructor<?> constructor = test.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object made = constructor.newInstance();
            for (Method method : test.getDeclaredMethods()) {
                if (method.isAnnotationPresent(BeforeEach.class)) {
                    method.setAccessible(true);
                    method.invoke(made);
                }
            }
            Method method = test.getDeclaredMethod(found.method());
            method.setAccessible(true);
            method.invoke(made);
            return false;
        } catch (InvocationTargetException failed) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The first seed that finds the bug.
     *
     * @return the number of seeds it took, or 0 when none of them does
     */
    public int seedsUntilFound(Class<? extends World> world, long firstSeed, int maxSeeds) {
        LongPredicate finds = finds(world);
        for (int i = 0; i < maxSeeds; i++) {
            if (finds.test(firstSeed + i)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The file with the bug in it; an AssertionError when its place is not there any more. */
    String source() {
        try {
            String source = Files.readString(SOURCES.resolve(file));
            for (Change change : changes) {
                int at = source.indexOf(change.right());
                if (at < 0 || source.indexOf(change.right(), at + 1) >= 0) {
                    throw new AssertionError(
                            "bug \"" + name + "\": " + file + " does not have this once:\n" + change.right());
                }
                source = source.replace(change.right(), change.wrong());
            }
            return source;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Class name → bytes of the changed file's classes. */
    private Map<String, byte[]> compile() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        Output output = new Output(compiler.getStandardFileManager(problems, null, null));
        List<String> options = List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
        List<JavaFileObject> sources = List.of(new Source(file, source()));
        if (!compiler.getTask(null, output, problems, options, null, sources).call()) {
            List<String> errors = new ArrayList<>();
            for (Diagnostic<?> problem : problems.getDiagnostics()) {
                errors.add(problem.toString());
            }
            throw new AssertionError("bug \"" + name + "\" does not compile:\n" + String.join("\n", errors));
        }
        Map<String, byte[]> classes = new HashMap<>();
        output.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///io/roost/cluster/" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

        Output(StandardJavaFileManager manager) {
            super(manager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                }
            };
        }
    }

    /** Loads all classes of the cluster anew, the changed ones instead of the real ones. */
    private static final class MutantLoader extends ClassLoader {
        private final Map<String, byte[]> changed;

        MutantLoader(Map<String, byte[]> changed) {
            super(PlantedBug.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(ROOT)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = in.readAllBytes();
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
