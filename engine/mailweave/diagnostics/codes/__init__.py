"""The table of codes, one module per stage.

MW0xx campaign folders and files; MW1xx syntax and MW2xx names and types of rules; MW3xx decisions;
MW4xx Liquid; MW5xx HTML, CSS and plain text; MW6xx blocks, links, sizes; MW70x to MW72x AMP; MW73x signed
links; MW74x events of providers; MW75x payloads; MW76x sending; MW77x the service; MW78x sources;
MW786 to MW799 what was learned; MW8xx batch, MW83x and MW84x data; MW90x to MW93x proofs; MW94x to MW99x rules over
whole campaigns.
"""
