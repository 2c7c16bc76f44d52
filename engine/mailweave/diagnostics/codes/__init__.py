"""The table of codes, one module per stage.

MW0xx campaign folders and files; MW1xx syntax and MW2xx names and types of rules; MW3xx decisions;
MW4xx Liquid; MW5xx HTML, CSS and plain text; MW6xx blocks, links, sizes; MW7xx AMP; MW79x what was learned; MW8xx batch;
MW90x to MW93x proofs; MW94x to MW99x rules over whole campaigns.
"""
