The libraries in lib/ that are not part of resnet4j, and their licenses.
Texts and notices are in licenses/, in a folder for each library. Where there is none, the license is
Apache-2.0, whose text is in LICENSE.

<#list dependencyMap as entry>
<#assign library = entry.getKey()>
${library.artifactId} ${library.version}
    ${library.name} (${library.groupId}), ${library.url!"no address"}
    <#list entry.getValue() as license>${license}<#sep> or </#list>

</#list>
