@echo off
rem Runs the resnet4j command on Windows: finds Java in JAVA_HOME, on the PATH or in the usual folder. JarLauncher checks
rem its version and modules, and starts it once more with the options of the command.
rem RESNET4J_JAVA_OPTS contains additional JVM options, for example "-Xmx4g".
setlocal DisableDelayedExpansion
set "java="
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
if not defined java for %%j in (java.exe) do set "java=%%~$PATH:j"
if not defined java for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*-25*") do if exist "%%d\bin\java.exe" set "java=%%d\bin\java.exe"
if not defined java (
    echo resnet4j requires Java 25 or newer; none was found in JAVA_HOME or on the PATH. 1>&2
    echo Install one, for example Eclipse Temurin 25 from https://adoptium.net 1>&2
    exit /b 1
)
"%java%" -Dresnet4j.command=resnet4j -cp "%~dp0..\lib\*" org.resnet4j.cli.JarLauncher %*
exit /b %ERRORLEVEL%
