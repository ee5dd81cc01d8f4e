(feiten.handeling = 'declaratie' AND feiten.raamovereenkomst = 'huidig' AND feiten.periode_einddatum > '2022-12-31')
